package io.emreks.spark;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rules for the URIs of jars and files, which EMR itself only breaks at run time. */
final class DependencyUris {
    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):(.*)", Pattern.DOTALL);
    private static final Pattern WITH_AUTHORITY = Pattern.compile("//[^/].*", Pattern.DOTALL);
    private static final Pattern WITHOUT_AUTHORITY = Pattern.compile("///[^/].*", Pattern.DOTALL);
    private static final Pattern USER_INFO = Pattern.compile("(://)[^/@]*@");
    private static final String SCHEMES =
            "use s3://bucket/key, local:///path for a file inside the image, or https://host/path";

    private DependencyUris() {}

    static void check(String field, List<String> uris, List<Problem> problems) {
        for (int i = 0; i < uris.size(); i++) {
            check(field + "[" + i + "]", uris.get(i), problems);
        }
    }

    static void check(String field, String uri, List<Problem> problems) {
        if (uri.indexOf(',') >= 0 || !Words.fitsString(uri)) {
            problems.add(new Problem(
                    field,
                    "'" + shown(uri) + "' has a comma, a control character or one beyond U+FFFF",
                    "rename the file"));
            return;
        }
        Matcher matcher = SCHEME.matcher(uri);
        if (!matcher.matches()) {
            problems.add(new Problem(
                    field,
                    "'" + shown(uri) + "' has no scheme; EMR reads that as file:// and Spark cannot upload it",
                    SCHEMES));
            return;
        }
        String scheme = matcher.group(1).toLowerCase(Locale.ROOT);
        String rest = matcher.group(2);
        if (scheme.equals("file")) {
            problems.add(
                    new Problem(field, "'" + shown(uri) + "' is a local file, which Spark cannot upload", SCHEMES));
        } else if (!(scheme.equals("local") ? WITHOUT_AUTHORITY : WITH_AUTHORITY)
                .matcher(rest)
                .matches()) {
            problems.add(new Problem(field, "'" + shown(uri) + "' is not complete", SCHEMES));
        } else if (!isUri(uri)) {
            problems.add(new Problem(
                    field,
                    "'" + shown(uri) + "' has characters that no URI has, and Spark would take it for a local file",
                    "write them with percent signs, a space as %20, or rename the file"));
        }
    }

    private static boolean isUri(String uri) {
        try {
            return new URI(uri).getScheme() != null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** The URI without what could be a credential: its query and the user before the host. */
    static String shown(String uri) {
        int query = uri.indexOf('?');
        String path = query < 0 ? uri : uri.substring(0, query) + "?…";
        return USER_INFO.matcher(path).replaceFirst("$1…@");
    }
}
