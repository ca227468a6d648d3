package io.tha.flyweight.processor;

import static com.google.testing.compile.Compiler.javac;

import com.google.testing.compile.Compilation;
import com.google.testing.compile.Compiler;
import com.google.testing.compile.JavaFileObjects;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.Diagnostic;
import javax.tools.JavaFileObject;

/** Sources that were compiled with the processor. */
record Compiled(Compilation result) {
    private static final String IMPORTS = "import io.tha.flyweight.*;\n";
    private static final Pattern TYPE_NAME = Pattern.compile("(?:interface|class|record|enum|@interface) (\\w+)");
    private static final Pattern PACKAGE = Pattern.compile("package ([\\w.]+);");

    /** Each source is one top-level type; without a package it imports the annotations. */
    static Compiled of(String... sources) {
        return with(javac(), sources);
    }

    /** With classes that were compiled before. */
    static Compiled with(Path classes, String... sources) {
        List<File> path = new ArrayList<>(List.of(classes.toFile()));
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator)).map(File::new).forEach(path::add);
        return with(javac().withClasspath(path), sources);
    }

    private static Compiled with(Compiler compiler, String... sources) {
        List<JavaFileObject> files = new ArrayList<>();
        for (String source : sources) {
            Matcher inPackage = PACKAGE.matcher(source);
            String prefix = inPackage.find() ? inPackage.group(1) + "." : "";
            Matcher name = TYPE_NAME.matcher(source);
            if (!name.find()) {
                throw new IllegalArgumentException("no type in " + source);
            }
            String text = prefix.isEmpty() ? IMPORTS + source : source;
            files.add(JavaFileObjects.forSourceString(prefix + name.group(1), text));
        }
        return new Compiled(compiler
                .withOptions("-Xlint:all,-processing,-options", "-Werror")
                .withProcessors(new FlyweightProcessor())
                .compile(files));
    }

    /** As {@code line: message}, with lines of the source as it was given. */
    List<String> errors() {
        return result.errors().stream().map(Compiled::described).toList();
    }

    private static String described(Diagnostic<? extends JavaFileObject> error) {
        return (error.getLineNumber() - 1) + ": " + error.getMessage(null);
    }

    /** The text of a generated class, by its simple name. */
    String generated(String name) throws IOException {
        for (JavaFileObject file : result.generatedSourceFiles()) {
            if (file.getName().endsWith("/" + name + ".java")) {
                return file.getCharContent(false).toString();
            }
        }
        throw new IllegalArgumentException("no " + name + " among " + result.generatedSourceFiles() + ", errors " + errors());
    }

    /** Class files by the names of their classes. */
    Map<String, byte[]> classes() throws IOException {
        Map<String, byte[]> classes = new HashMap<>();
        for (JavaFileObject file : result.generatedFiles()) {
            if (file.getKind() == JavaFileObject.Kind.CLASS) {
                try (InputStream content = file.openInputStream()) {
                    String path = file.getName().replaceFirst("^/CLASS_OUTPUT/", "");
                    classes.put(path.replace(".class", "").replace('/', '.'), content.readAllBytes());
                }
            }
        }
        return classes;
    }

    /** Writes class files below a directory. */
    static void write(Map<String, byte[]> classes, Path directory) throws IOException {
        for (Map.Entry<String, byte[]> entry : classes.entrySet()) {
            Path file = directory.resolve(entry.getKey().replace('.', '/') + ".class");
            Files.createDirectories(file.getParent());
            Files.write(file, entry.getValue());
        }
    }
}
