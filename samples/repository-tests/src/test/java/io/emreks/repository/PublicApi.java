package io.emreks.repository;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.PackageTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;

/** Reads sources, without compiling them, for what every package and every public type and method has to have. */
final class PublicApi {
    private final DocTrees docs;
    private final List<String> problems = new ArrayList<>();
    private final Set<String> packages = new TreeSet<>();
    private final Set<String> marked = new TreeSet<>();
    private final Set<String> types = new TreeSet<>();

    private PublicApi(DocTrees docs) {
        this.docs = docs;
    }

    static PublicApi of(Iterable<? extends JavaFileObject> sources) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        JavacTask task = (JavacTask) compiler.getTask(null, null, null, List.of("-proc:none"), null, sources);
        PublicApi api = new PublicApi(DocTrees.instance(task));
        for (CompilationUnitTree unit : task.parse()) {
            api.read(unit);
        }
        for (String name : api.packages) {
            if (!api.marked.contains(name)) {
                api.problems.add(name + " has no package-info.java with @NullMarked");
            }
        }
        return api;
    }

    List<String> problems() {
        return problems;
    }

    /** The public types, with their packages and the types around them. */
    Set<String> types() {
        return types;
    }

    private void read(CompilationUnitTree unit) {
        PackageTree declared = unit.getPackage();
        if (declared == null) {
            problems.add(unit.getSourceFile().getName() + " is in no package");
            return;
        }
        String name = declared.getPackageName().toString();
        packages.add(name);
        if (declared.getAnnotations().stream().anyMatch(PublicApi::isNullMarked)) {
            marked.add(name);
        }
        if ((name + ".").contains(".internal.")) {
            return;
        }
        TreePath path = new TreePath(unit);
        if (unit.getSourceFile().isNameCompatible("package-info", JavaFileObject.Kind.SOURCE)
                && docs.getDocComment(new TreePath(path, declared)) == null) {
            problems.add(name + " has no Javadoc");
        }
        for (Tree declaration : unit.getTypeDecls()) {
            if (declaration instanceof ClassTree type) {
                read(path, name, type, false);
            }
        }
    }

    private void read(TreePath parent, String owner, ClassTree type, boolean ownerIsInterface) {
        if (!isPublic(type.getModifiers(), ownerIsInterface)) {
            return;
        }
        String name = owner + "." + type.getSimpleName();
        TreePath path = new TreePath(parent, type);
        types.add(name);
        if (docs.getDocComment(path) == null) {
            problems.add(name + " has no Javadoc");
        }
        boolean inInterface = type.getKind() == Tree.Kind.INTERFACE || type.getKind() == Tree.Kind.ANNOTATION_TYPE;
        for (Tree member : type.getMembers()) {
            if (member instanceof ClassTree nested) {
                read(path, name, nested, inInterface);
            } else if (member instanceof MethodTree method
                    && isPublic(method.getModifiers(), inInterface)
                    && method.getModifiers().getAnnotations().stream().noneMatch(PublicApi::isOverride)
                    && docs.getDocComment(new TreePath(path, method)) == null) {
                problems.add(name + "." + method.getName() + " has no Javadoc");
            }
        }
    }

    private static boolean isPublic(ModifiersTree modifiers, boolean inInterface) {
        Set<Modifier> flags = modifiers.getFlags();
        return flags.contains(Modifier.PUBLIC)
                || flags.contains(Modifier.PROTECTED)
                || (inInterface && !flags.contains(Modifier.PRIVATE));
    }

    private static boolean isOverride(AnnotationTree annotation) {
        return annotation.getAnnotationType().toString().equals("Override");
    }

    private static boolean isNullMarked(AnnotationTree annotation) {
        return annotation.getAnnotationType().toString().matches("(.*\\.)?NullMarked");
    }
}
