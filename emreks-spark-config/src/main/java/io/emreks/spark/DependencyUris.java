package io.emreks.spark;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.regex.Pattern;

/** The rules for the URIs of jars and files, which EMR itself only breaks at run time. */
final class DependencyUris {
    private static final Pattern USER_INFO = Pattern.compile("(://)[^/@]*@");
    private static final String SCHEMES =
            "use s3://bucket/key, local:///path for a file inside the image, or https://host/path";

    private DependencyUris() {}

    static void checkFiles(String field, List<String> uris, List<Problem> problems) {
        for (int i = 0; i < uris.size(); i++) {
            checkFile(field + "[" + i + "]", uris.get(i), problems);
        }
    }

    static void checkFile(String field, String uri, List<Problem> problems) {
        int before = problems.size();
        check(field, uri, problems);
        int path = uri.indexOf('/', uri.indexOf("://") + 3);
        if (problems.size() == before && (path < 0 || uri.endsWith("/"))) {
            problems.add(new Problem(field, "'" + shown(uri) + "' names no file", "write it like s3://bucket/key"));
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
        int colon = uri.indexOf(':');
        if (!isScheme(uri, colon)) {
            problems.add(new Problem(
                    field,
                    "'" + shown(uri) + "' has no scheme; EMR reads that as file:// and Spark cannot upload it",
                    SCHEMES));
            return;
        }
        String scheme = uri.substring(0, colon);
        // a file inside the image has no host
        int slashes = scheme.equalsIgnoreCase("local") ? 3 : 2;
        if (scheme.equalsIgnoreCase("file")) {
            problems.add(
                    new Problem(field, "'" + shown(uri) + "' is a local file, which Spark cannot upload", SCHEMES));
        } else if (!startsWithSlashes(uri, colon + 1, slashes)) {
            problems.add(new Problem(field, "'" + shown(uri) + "' is not complete", SCHEMES));
        } else if (!isUri(uri)) {
            problems.add(new Problem(
                    field,
                    "'" + shown(uri) + "' has characters that no URI has, and Spark would take it for a local file",
                    "write them with percent signs, a space as %20, or rename the file"));
        }
    }

    private static boolean isScheme(String uri, int end) {
        for (int i = 0; i < end; i++) {
            char c = uri.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!letter && (i == 0 || "0123456789+.-".indexOf(c) < 0)) {
                return false;
            }
        }
        return end > 0;
    }

    private static boolean startsWithSlashes(String uri, int from, int count) {
        int end = from;
        while (end < uri.length() && uri.charAt(end) == '/') {
            end++;
        }
        return end - from == count && end < uri.length();
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
