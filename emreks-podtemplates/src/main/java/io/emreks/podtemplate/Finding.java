package io.emreks.podtemplate;

/**
 * One thing that {@link PodTemplate#check()} found.
 *
 * @param rule which rule it is about
 * @param path where: a path as {@link PodTemplate.Builder#field} takes it, for example
 *     {@code spec.containers[0].image} or {@code metadata.labels["team/owner"]}; empty for the template as a whole
 * @param severity how bad
 * @param reason what is wrong, and what would happen
 * @param fix what to do about it
 */
public record Finding(Rule rule, String path, Severity severity, String reason, String fix) {
    /** Takes the texts as they are, but for control characters, which would break a log's lines. */
    public Finding {
        reason = oneLine(reason);
        fix = oneLine(fix);
    }

    private static String oneLine(String text) {
        StringBuilder line = new StringBuilder(text);
        for (int i = 0; i < line.length(); i++) {
            if (Character.isISOControl(line.charAt(i))) {
                line.setCharAt(i, '?');
            }
        }
        return line.toString();
    }

    /**
     * The code of the {@link #rule}, which never changes.
     *
     * @return such as {@code mount-path-reserved}
     */
    public String code() {
        return rule.code();
    }

    @Override
    public String toString() {
        return severity + " " + code() + (path.isEmpty() ? "" : " " + path) + ": " + reason + "; " + fix;
    }
}
