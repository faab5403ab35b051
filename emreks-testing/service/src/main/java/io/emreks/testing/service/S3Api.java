package io.emreks.testing.service;

import io.emreks.testing.service.ObjectStore.Entry;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The S3 REST API over a {@link FakeS3}: the calls that writing, reading and finding small objects takes. What is outside
 * (multipart, copies, versions, ACLs) is answered with NotImplemented. Checksums sent along are not verified.
 */
final class S3Api {
    static final Set<String> OPERATIONS = Set.of(
            "PutObject", "GetObject", "HeadObject", "DeleteObject", "ListObjectsV2", "CreateBucket", "HeadBucket");

    private static final Set<String> LIST_PARAMETERS = Set.of(
            "list-type",
            "prefix",
            "delimiter",
            "continuation-token",
            "start-after",
            "max-keys",
            "encoding-type",
            "fetch-owner");
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");
    private static final int PAGE_LIMIT = 1000;

    private final FakeS3 s3;
    private final boolean createBucketsOnPut;
    private final ServiceIds ids;

    S3Api(FakeS3 s3, boolean createBucketsOnPut, long seed) {
        this.s3 = s3;
        this.createBucketsOnPut = createBucketsOnPut;
        this.ids = new ServiceIds(seed);
    }

    /** The name of the operation that a request asks for, or {@code Unknown}. */
    String operation(ApiRequest request) {
        try {
            return operation(request, Target.of(request), PercentCoding.parameters(request.query()));
        } catch (IllegalArgumentException e) {
            return FakeEmrEks.UNKNOWN_OPERATION;
        }
    }

    ApiResponse handle(ApiRequest request) {
        try {
            Target target = Target.of(request);
            Map<String, List<String>> query = PercentCoding.parameters(request.query());
            return switch (operation(request, target, query)) {
                case "PutObject" -> put(request, target);
                case "GetObject" -> get(request, target);
                case "HeadObject" -> head(target);
                case "DeleteObject" -> {
                    requireBucket(target);
                    s3.delete(target.bucket, target.key, condition(request, true));
                    yield answer(204, Map.of(), new byte[0]);
                }
                case "ListObjectsV2" -> list(target, query);
                case "CreateBucket" -> {
                    s3.createBucket(target.bucket);
                    yield answer(200, Map.of("Location", "/" + target.bucket), new byte[0]);
                }
                case "HeadBucket" -> {
                    requireBucket(target);
                    yield answer(200, Map.of(), new byte[0]);
                }
                default ->
                    throw new ApiException(501, "NotImplemented", "This fake does not implement this call of S3");
            };
        } catch (ApiException e) {
            return error(e.answer(), request);
        } catch (IllegalArgumentException e) {
            return error(new Fault.ErrorAnswer(400, "InvalidArgument", String.valueOf(e.getMessage())), request);
        }
    }

    /** An error in the form of S3 (XML body); without a body in answer to HEAD. */
    ApiResponse error(Fault.ErrorAnswer error, ApiRequest request) {
        String xml =
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>" + escape(error.code()) + "</Code><Message>"
                        + escape(error.message()) + "</Message><Resource>" + escape(request.path())
                        + "</Resource></Error>";
        byte[] body = request.method().equals("HEAD") ? new byte[0] : xml.getBytes(StandardCharsets.UTF_8);
        return answer(error.status(), Map.of("Content-Type", "application/xml"), body);
    }

    private static String operation(ApiRequest request, Target target, Map<String, List<String>> query) {
        Set<String> parameters = new TreeSet<>(query.keySet());
        parameters.removeIf(name -> name.equals("x-id") || name.startsWith("X-Amz-"));
        boolean list =
                target.key.isEmpty() && query.containsKey("list-type") && LIST_PARAMETERS.containsAll(parameters);
        if (target.bucket.isEmpty() || !(parameters.isEmpty() || list)) {
            return FakeEmrEks.UNKNOWN_OPERATION;
        }
        boolean object = !target.key.isEmpty();
        return switch (request.method()) {
            case "PUT" -> {
                boolean copy = request.header("x-amz-copy-source") != null;
                yield copy ? FakeEmrEks.UNKNOWN_OPERATION : object ? "PutObject" : "CreateBucket";
            }
            case "GET" -> object ? "GetObject" : list ? "ListObjectsV2" : FakeEmrEks.UNKNOWN_OPERATION;
            case "HEAD" -> object ? "HeadObject" : "HeadBucket";
            case "DELETE" -> object ? "DeleteObject" : FakeEmrEks.UNKNOWN_OPERATION;
            default -> FakeEmrEks.UNKNOWN_OPERATION;
        };
    }

    private ApiResponse put(ApiRequest request, Target target) {
        if (!createBucketsOnPut) {
            requireBucket(target);
        }
        Entry stored = s3.put(target.bucket, target.key, content(request), condition(request, false));
        return answer(200, Map.of("ETag", '"' + stored.tag() + '"'), new byte[0]);
    }

    /** What a request demands of the object that is there, or is not; throws where that does not hold. */
    private static Consumer<Optional<Entry>> condition(ApiRequest request, boolean delete) {
        String tag = request.header("if-match");
        String none = request.header("if-none-match");
        if (none != null && (delete || tag != null || !none.equals("*"))) {
            throw new ApiException(501, "NotImplemented", "If-None-Match is for PutObject, alone, and takes only *");
        }
        if (!delete && "*".equals(tag)) {
            throw new ApiException(501, "NotImplemented", "If-Match takes an entity tag when an object is put");
        }
        return there -> {
            if (tag != null && there.isEmpty()) {
                throw noSuchKey();
            }
            boolean holds = tag == null
                    || tag.equals("*")
                    || unquoted(tag).equals(there.get().tag());
            if (!holds || (none != null && there.isPresent())) {
                throw new ApiException(
                        412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold");
            }
        };
    }

    private static String unquoted(String tag) {
        boolean quoted = tag.length() > 1 && tag.startsWith("\"") && tag.endsWith("\"");
        return quoted ? tag.substring(1, tag.length() - 1) : tag;
    }

    private static ApiException noSuchKey() {
        return new ApiException(404, "NoSuchKey", "The specified key does not exist.");
    }

    private ApiResponse head(Target target) {
        requireBucket(target);
        Entry entry = s3.find(target.bucket, target.key).orElseThrow(S3Api::noSuchKey);
        Map<String, String> headers = headers(entry);
        headers.put("Content-Length", Long.toString(entry.size()));
        return answer(200, headers, new byte[0]);
    }

    private ApiResponse get(ApiRequest request, Target target) {
        requireBucket(target);
        return s3.read(target.bucket, target.key, (entry, body) -> content(request, entry, body))
                .orElseThrow(S3Api::noSuchKey);
    }

    private static Map<String, String> headers(Entry entry) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("ETag", '"' + entry.tag() + '"');
        headers.put("Last-Modified", ApiResponse.httpDate(entry.modified()));
        headers.put("Accept-Ranges", "bytes");
        headers.put("Content-Type", "application/octet-stream");
        return headers;
    }

    private ApiResponse content(ApiRequest request, Entry entry, byte[] body) {
        Map<String, String> headers = headers(entry);
        Matcher range = RANGE.matcher(request.header("range", ""));
        if (!range.matches() || (range.group(1).isEmpty() && range.group(2).isEmpty())) {
            return answer(200, headers, body);
        }
        long size = body.length;
        long from;
        long to = size - 1;
        if (range.group(1).isEmpty()) {
            from = Math.max(0, size - Long.parseLong(range.group(2)));
        } else {
            from = Long.parseLong(range.group(1));
            to = range.group(2).isEmpty() ? to : Math.min(to, Long.parseLong(range.group(2)));
        }
        if (from >= size || to < from) {
            throw new ApiException(416, "InvalidRange", "The requested range is not satisfiable");
        }
        headers.put("Content-Range", "bytes " + from + "-" + to + "/" + size);
        return answer(206, headers, Arrays.copyOfRange(body, (int) from, (int) to + 1));
    }

    private ApiResponse list(Target target, Map<String, List<String>> query) {
        requireBucket(target);
        String prefix = parameter(query, "prefix");
        String delimiter = parameter(query, "delimiter");
        String token = parameter(query, "continuation-token");
        String after = token.isEmpty()
                ? parameter(query, "start-after")
                : new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        String limit = parameter(query, "max-keys");
        int size = limit.isEmpty() ? PAGE_LIMIT : Math.min(PAGE_LIMIT, Integer.parseInt(limit));
        boolean encoded = parameter(query, "encoding-type").equals("url");

        StringBuilder content = new StringBuilder();
        Set<String> groups = new TreeSet<>();
        int count = 0;
        String last = "";
        boolean more = false;
        for (String key : s3.list(target.bucket, prefix)) {
            int end = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
            String shown = end < 0 ? key : key.substring(0, end + delimiter.length());
            if (shown.compareTo(after) <= 0 || groups.contains(shown)) {
                continue;
            }
            Optional<Entry> found = s3.find(target.bucket, key);
            if (found.isEmpty()) {
                continue; // deleted meanwhile
            }
            Entry entry = found.get();
            if (count >= size) {
                more = size > 0;
                break;
            }
            count++;
            last = shown;
            if (end < 0) {
                content.append("<Contents><Key>")
                        .append(name(shown, encoded))
                        .append("</Key><LastModified>")
                        .append(entry.modified())
                        .append("</LastModified><ETag>&quot;")
                        .append(entry.tag())
                        .append("&quot;</ETag><Size>")
                        .append(entry.size())
                        .append("</Size><StorageClass>STANDARD</StorageClass></Contents>");
            } else {
                groups.add(shown);
            }
        }
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ListBucketResult>")
                .append(element("Name", target.bucket))
                .append(element("Prefix", name(prefix, encoded)))
                .append(delimiter.isEmpty() ? "" : element("Delimiter", name(delimiter, encoded)))
                .append(element("KeyCount", Integer.toString(count)))
                .append(element("MaxKeys", Integer.toString(size)))
                .append(encoded ? element("EncodingType", "url") : "")
                .append(element("IsTruncated", Boolean.toString(more)));
        if (more) {
            xml.append(element(
                    "NextContinuationToken",
                    Base64.getUrlEncoder().encodeToString(last.getBytes(StandardCharsets.UTF_8))));
        }
        xml.append(content);
        groups.forEach(group -> xml.append("<CommonPrefixes>")
                .append(element("Prefix", name(group, encoded)))
                .append("</CommonPrefixes>"));
        xml.append("</ListBucketResult>");
        return answer(
                200, Map.of("Content-Type", "application/xml"), xml.toString().getBytes(StandardCharsets.UTF_8));
    }

    private void requireBucket(Target target) {
        if (!s3.hasBucket(target.bucket)) {
            throw new ApiException(404, "NoSuchBucket", "The specified bucket does not exist");
        }
    }

    private ApiResponse answer(int status, Map<String, String> headers, byte[] body) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("x-amz-request-id", ids.request());
        return new ApiResponse(status, all, body);
    }

    /** The body, taken out of its chunks if it was sent in the signing format {@code aws-chunked}. */
    private static byte[] content(ApiRequest request) {
        boolean chunked = request.header("content-encoding", "").contains("aws-chunked")
                || request.header("x-amz-content-sha256", "").startsWith("STREAMING-");
        if (!chunked) {
            return request.body();
        }
        byte[] body = request.body();
        ByteArrayOutputStream content = new ByteArrayOutputStream(body.length);
        int at = 0;
        while (true) {
            int lineEnd = at;
            while (lineEnd < body.length && body[lineEnd] != '\r') {
                lineEnd++;
            }
            String line = new String(body, at, lineEnd - at, StandardCharsets.ISO_8859_1);
            int size = chunkSize(line.split(";", 2)[0]);
            at = lineEnd + 2;
            if (size == 0) {
                break;
            }
            if (size > body.length - at) {
                throw incomplete();
            }
            content.write(body, at, size);
            at += size + 2;
        }
        String length = request.header("x-amz-decoded-content-length");
        if (length != null && !length.equals(Integer.toString(content.size()))) {
            throw incomplete();
        }
        return content.toByteArray();
    }

    private static int chunkSize(String hex) {
        if (!hex.matches("[0-9a-fA-F]{1,7}")) {
            throw incomplete();
        }
        return Integer.parseInt(hex, 16);
    }

    private static ApiException incomplete() {
        return new ApiException(400, "IncompleteBody", "The body is not what its chunks and its length say");
    }

    private static String parameter(Map<String, List<String>> query, String name) {
        return query.getOrDefault(name, List.of("")).get(0);
    }

    private static String name(String name, boolean encoded) {
        return encoded ? PercentCoding.encode(name, "/") : escape(name);
    }

    private static String element(String name, String content) {
        return "<" + name + ">" + content + "</" + name + ">";
    }

    private static String escape(String text) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            switch (letter) {
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                case '"' -> escaped.append("&quot;");
                default -> escaped.append(letter >= ' ' ? letter : '?');
            }
        }
        return escaped.toString();
    }

    /**
     * What a request is about.
     *
     * @param bucket empty if none is named
     * @param key empty for the bucket itself
     */
    private record Target(String bucket, String key) {
        /** @throws IllegalArgumentException if the path holds malformed percent-encoding */
        static Target of(ApiRequest request) {
            String host = request.host();
            int dns = Math.max(host.lastIndexOf(".s3."), host.lastIndexOf(".s3-"));
            if (dns < 0 && host.endsWith(".localhost")) {
                dns = host.length() - ".localhost".length();
            }
            String path = request.path().startsWith("/") ? request.path().substring(1) : request.path();
            if (dns > 0) {
                return new Target(host.substring(0, dns), PercentCoding.decode(path));
            }
            int slash = path.indexOf('/');
            return slash < 0
                    ? new Target(PercentCoding.decode(path), "")
                    : new Target(
                            PercentCoding.decode(path.substring(0, slash)),
                            PercentCoding.decode(path.substring(slash + 1)));
        }
    }
}
