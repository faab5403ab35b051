package io.emreks.podtemplate;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Reads one untrusted YAML document, event by event and without recursion, so that its depth, its aliases and its number of
 * nodes are bounded before anything is built from them.
 */
final class YamlReader {
    static final int MAX_CHARACTERS = 1 << 20;
    static final int MAX_ALIASES = 50;

    /** No character has more than four bytes in UTF-8. */
    private static final int MAX_BYTES = 4 * MAX_CHARACTERS;

    private static final int MAX_NUMBER_LENGTH = 2 * PodTree.MAX_DIGITS;
    private static final Pattern NULL = Pattern.compile("|~|null|Null|NULL");
    private static final Pattern TRUE = Pattern.compile("true|True|TRUE");
    private static final Pattern FALSE = Pattern.compile("false|False|FALSE");
    private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]+");
    private static final Pattern OLD_OCTAL = Pattern.compile("[-+]?0[0-9]+");
    private static final Pattern OCTAL = Pattern.compile("0o[0-7]+");
    private static final Pattern HEXADECIMAL = Pattern.compile("0x[0-9a-fA-F]+");
    private static final Pattern DECIMAL = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?");

    private final Map<Anchor, Optional<Object>> anchors = new HashMap<>();
    private final Deque<Open> open = new ArrayDeque<>();
    private final @Nullable Map<FieldPath, Mark> places;
    private @Nullable Object document;
    private @Nullable Mark start;
    private int aliases;
    private int nodes;

    private YamlReader(@Nullable Map<FieldPath, Mark> places) {
        this.places = places;
    }

    /** A list or mapping whose end has not been read yet. */
    private static final class Open {
        private final Object collection;
        private final Optional<Anchor> anchor;
        private @Nullable String key;

        Open(Object collection, Optional<Anchor> anchor) {
            this.collection = collection;
            this.anchor = anchor;
        }

        /** The key or position of what is being read. */
        Object next() {
            return collection instanceof List<?> list ? list.size() : Objects.requireNonNull(key);
        }
    }

    /** The text of a file in UTF-8, without a byte order mark. */
    static String decoded(byte[] file) {
        if (file.length > MAX_BYTES) {
            throw InvalidPodTemplateException.at(
                    1,
                    1,
                    "the file has " + file.length
                            + " bytes; a template is carried in a ConfigMap, which holds at most 1 MiB. Make it smaller");
        }
        CharBuffer text = CharBuffer.allocate(file.length);
        CoderResult result = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(ByteBuffer.wrap(file), text, true);
        text.flip();
        if (result.isError()) {
            Place place = Place.in(text, text.length());
            throw InvalidPodTemplateException.at(
                    place.line(), place.column(), "not UTF-8: a byte that no character has; save the file as UTF-8");
        }
        return text.length() > 0 && text.charAt(0) == '\uFEFF'
                ? text.subSequence(1, text.length()).toString()
                : text.toString();
    }

    static Map<?, ?> read(String yaml) {
        return read(yaml, null);
    }

    /** Where each field and entry of a readable text begins; what an alias stands for has no places of its own. */
    static Map<FieldPath, Mark> places(String yaml) {
        Map<FieldPath, Mark> places = new HashMap<>();
        Map<?, ?> unused = read(yaml, places);
        return places;
    }

    private static Map<?, ?> read(String yaml, @Nullable Map<FieldPath, Mark> places) {
        if (yaml.length() > MAX_CHARACTERS) {
            throw failure(
                    yaml,
                    MAX_CHARACTERS,
                    "the YAML has " + yaml.length()
                            + " characters; a template is carried in a ConfigMap, which holds at most 1 MiB. Make it"
                            + " smaller");
        }
        requireCharacters(yaml);
        try {
            return parsed(yaml, places);
        } catch (InvalidPodTemplateException e) {
            String json = jsonWithoutTabs(yaml);
            if (json.equals(yaml)) {
                throw e;
            }
            if (places != null) {
                places.clear();
            }
            return parsed(json, places);
        }
    }

    /** JSON may be indented by tabs, which YAML does not take: spaces in their place. What is not JSON is left as it is. */
    private static String jsonWithoutTabs(String yaml) {
        if (yaml.indexOf('\t') < 0 || !yaml.stripLeading().startsWith("{")) {
            return yaml;
        }
        char[] text = yaml.toCharArray();
        boolean quoted = false;
        char before = ' ';
        for (int i = 0; i < text.length; i++) {
            char c = text[i];
            if (c == '"' && !quoted && "{[,:".indexOf(before) < 0) {
                return yaml;
            }
            if (c == '"') {
                quoted = !quoted;
            } else if (quoted && c == '\\') {
                i++;
            } else if (!quoted && c == '\t') {
                text[i] = ' ';
            } else if (!quoted && (c == '\'' || c == '#')) {
                return yaml;
            }
            before = c == ' ' || c == '\t' || c == '\n' || c == '\r' ? before : c;
        }
        return new String(text);
    }

    private static Map<?, ?> parsed(String yaml, @Nullable Map<FieldPath, Mark> places) {
        // the parser fails at a character outside the BMP that lies across the end of its buffer, so all goes into one
        LoadSettings settings = LoadSettings.builder()
                .setCodePointLimit(MAX_CHARACTERS)
                .setBufferSize(yaml.length() + 2)
                .build();
        YamlReader reader = new YamlReader(places);
        try {
            new Parse(settings).parseString(yaml).forEach(reader::accept);
        } catch (MarkedYamlEngineException e) {
            // neither the cause nor its message: they quote the text, which may hold secrets
            throw failure(e.getProblemMark(), "not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            throw InvalidPodTemplateException.at(1, 1, "not YAML: it has a form that YAML does not allow");
        }
        if (reader.document instanceof Map<?, ?> map) {
            return map;
        }
        throw failure(
                Optional.ofNullable(reader.start),
                "the YAML holds no mapping; a pod starts with 'apiVersion: v1', 'kind: Pod'");
    }

    /** Half of a surrogate pair is no character of any file, and the parser says nothing of where the others are. */
    private static void requireCharacters(String yaml) {
        for (int i = 0; i < yaml.length(); i++) {
            char c = yaml.charAt(i);
            if (c >= ' ' && c <= '~') {
                continue;
            }
            if (Character.isSurrogate(c)) {
                if (!Character.isSupplementaryCodePoint(yaml.codePointAt(i))) {
                    throw failure(yaml, i, "not YAML: half of a surrogate pair, which no file can hold; remove it");
                }
                i++;
            } else if (!StreamReader.isPrintable(c)) {
                throw failure(
                        yaml,
                        i,
                        "not YAML: the character U+"
                                + HexFormat.of().withUpperCase().toHexDigits(c)
                                + " is not allowed; remove it, or write it with a backslash in double quotes");
            }
        }
    }

    /** Counted from one, in characters as people see them. */
    private record Place(int line, int column) {
        static Place in(CharSequence text, int index) {
            int line = 1;
            int begin = 0;
            for (int i = 0; i < index; i++) {
                if (text.charAt(i) == '\n') {
                    line++;
                    begin = i + 1;
                }
            }
            return new Place(line, Character.codePointCount(text, begin, index) + 1);
        }
    }

    private static InvalidPodTemplateException failure(String yaml, int index, String problem) {
        Place place = Place.in(yaml, index);
        return InvalidPodTemplateException.at(place.line(), place.column(), problem);
    }

    private void accept(Event event) {
        if (event instanceof NodeEvent && start == null) {
            start = event.getStartMark().orElse(null);
        }
        if (event instanceof DocumentStartEvent && document != null) {
            throw failure(event, "a second document begins here; Spark reads one pod from a file. Remove the others");
        } else if (event instanceof CollectionStartEvent start) {
            begin(start);
        } else if (event instanceof CollectionEndEvent) {
            Open closed = open.pop();
            place(closed.collection, event);
            closed.anchor.ifPresent(anchor -> anchors.put(anchor, Optional.of(closed.collection)));
        } else if (event instanceof AliasEvent alias) {
            alias(alias);
        } else if (event instanceof ScalarEvent scalar) {
            scalar(scalar);
        }
    }

    private void begin(CollectionStartEvent event) {
        count(event);
        if (expectsKey()) {
            throw failure(event, "a list or mapping stands where a key is expected; keys are plain text");
        }
        entryAt(event);
        if (!event.isImplicit()) {
            throw tagged(event);
        }
        if (open.size() >= PodTree.MAX_DEPTH) {
            throw failure(event, "nested more than " + PodTree.MAX_DEPTH + " deep; a pod needs fewer than 15");
        }
        Object collection = event instanceof MappingStartEvent ? new LinkedHashMap<>() : new ArrayList<>();
        open.push(new Open(collection, event.getAnchor()));
    }

    private void alias(AliasEvent event) {
        if (++aliases > MAX_ALIASES) {
            throw failure(event, "more than " + MAX_ALIASES + " aliases; write the values out");
        }
        Optional<Object> value = anchors.get(event.getAlias());
        if (value == null) {
            throw failure(event, "the alias names no value above it, or the one it stands in");
        }
        if (expectsKey()) {
            throw failure(event, "an alias stands where a key is expected; keys are plain text");
        }
        entryAt(event);
        place(value.orElse(null), event);
    }

    private void scalar(ScalarEvent event) {
        count(event);
        boolean text = event.getTag().filter("tag:yaml.org,2002:str"::equals).isPresent();
        if (event.getTag().isPresent() && !text) {
            throw tagged(event);
        }
        if (expectsKey()) {
            key(event);
            return;
        }
        entryAt(event);
        Object value = text || !event.isPlain() ? event.getValue() : resolve(event);
        event.getAnchor().ifPresent(anchor -> anchors.put(anchor, Optional.ofNullable(value)));
        place(value, event);
    }

    private void key(ScalarEvent event) {
        String key = event.getValue();
        if (event.isPlain() && key.equals("<<")) {
            throw failure(event, "merge keys (<<) are not part of YAML 1.2; write the values out");
        }
        Open parent = open.element();
        if (((Map<?, ?>) parent.collection).containsKey(key)) {
            throw failure(event, "the key stands twice in the same mapping; keep one");
        }
        event.getAnchor().ifPresent(anchor -> anchors.put(anchor, Optional.of(key)));
        parent.key = key;
        at(event);
    }

    private void entryAt(Event event) {
        Open parent = open.peek();
        if (parent == null || parent.collection instanceof List<?>) {
            at(event);
        }
    }

    private void at(Event event) {
        if (places == null) {
            return;
        }
        List<Object> path = new ArrayList<>();
        open.descendingIterator().forEachRemaining(each -> path.add(each.next()));
        event.getStartMark().ifPresent(mark -> places.put(new FieldPath(path), mark));
    }

    private boolean expectsKey() {
        Open parent = open.peek();
        return parent != null && parent.collection instanceof Map<?, ?> && parent.key == null;
    }

    private void place(@Nullable Object value, Event event) {
        Open parent = open.peek();
        if (parent == null) {
            document = value == null ? "" : value;
        } else if (parent.collection instanceof Map<?, ?>) {
            String key = parent.key;
            if (key == null) {
                throw failure(event, "a value stands where a key is expected");
            }
            this.<@Nullable Object>mapping(parent).put(key, value);
            parent.key = null;
        } else {
            this.<@Nullable Object>list(parent).add(value);
        }
    }

    @SuppressWarnings("unchecked")
    private <T extends @Nullable Object> Map<String, T> mapping(Open parent) {
        return (Map<String, T>) parent.collection;
    }

    @SuppressWarnings("unchecked")
    private <T extends @Nullable Object> List<T> list(Open parent) {
        return (List<T>) parent.collection;
    }

    /** The core schema of YAML 1.2, except for what older versions read as another value. */
    private static @Nullable Object resolve(ScalarEvent event) {
        String text = event.getValue();
        if (text.length() > MAX_NUMBER_LENGTH) {
            return text;
        }
        if (NULL.matcher(text).matches()) {
            return null;
        }
        if (TRUE.matcher(text).matches()) {
            return true;
        }
        if (FALSE.matcher(text).matches()) {
            return false;
        }
        if (OLD_OCTAL.matcher(text).matches()) {
            throw failure(
                    event,
                    "a number with a leading zero is octal in one version of YAML and decimal in another; write 0o"
                            + "… for octal, leave the zero out for decimal, or quote it for text");
        }
        if (WHOLE.matcher(text).matches()) {
            return new BigInteger(text);
        }
        if (OCTAL.matcher(text).matches()) {
            return new BigInteger(text.substring(2), 8);
        }
        if (HEXADECIMAL.matcher(text).matches()) {
            return new BigInteger(text.substring(2), 16);
        }
        if (DECIMAL.matcher(text).matches()) {
            return new BigDecimal(text);
        }
        return text;
    }

    private void count(Event event) {
        if (++nodes > PodTree.MAX_NODES) {
            throw failure(event, "more than " + PodTree.MAX_NODES + " fields and entries; make the template smaller");
        }
    }

    private static InvalidPodTemplateException tagged(NodeEvent event) {
        return failure(event, "tags (!…) are not allowed in a pod template, but for !!str; remove it");
    }

    private static InvalidPodTemplateException failure(Event event, String problem) {
        return failure(event.getStartMark(), problem);
    }

    private static InvalidPodTemplateException failure(Optional<Mark> mark, String problem) {
        return mark.map(at -> InvalidPodTemplateException.at(at, problem))
                .orElseGet(() -> InvalidPodTemplateException.at(1, 1, problem));
    }
}
