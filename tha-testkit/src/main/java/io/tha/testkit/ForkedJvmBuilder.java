package io.tha.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How a {@link ForkedJvm} is to be started. */
public final class ForkedJvmBuilder {
    /** How long a child is waited for unless told otherwise: a JVM starts within two seconds, on a busy machine within ten. */
    public static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(30);

    private static final List<String> DEFAULTS = List.of("-ea", "-Xmx256m");

    private final Class<?> main;
    private final List<String> flags = new ArrayList<>(DEFAULTS);
    private final List<String> launcher = new ArrayList<>();
    private final List<String> arguments = new ArrayList<>();
    private Path javaHome = Path.of(System.getProperty("java.home"));
    private Duration deadline = DEFAULT_DEADLINE;
    private ClassArchive recorded;

    ForkedJvmBuilder(Class<?> main) {
        this.main = main;
        flags.addAll(JvmFlags.inherited());
    }

    /** Arguments of the main method, by their {@code toString}. */
    public ForkedJvmBuilder args(Object... added) {
        for (Object argument : added) {
            arguments.add(argument.toString());
        }
        return this;
    }

    /** Flags of the JVM; they overrule those that it would have had. */
    public ForkedJvmBuilder jvmArgs(String... added) {
        flags.addAll(List.of(added));
        return this;
    }

    /** A system property. */
    public ForkedJvmBuilder property(String name, Object value) {
        return jvmArgs("-D" + name + "=" + value);
    }

    /** When it ends by itself it leaves an archive of the classes that it has loaded. */
    public ForkedJvmBuilder recording(ClassArchive archive) {
        recorded = archive;
        return jvmArgs(archive.recordingFlags().toArray(String[]::new));
    }

    /** Another JDK than that of this JVM. */
    public ForkedJvmBuilder javaHome(Path home) {
        javaHome = home;
        return this;
    }

    /**
     * A command that runs the JVM, which begins its command line. It starts the JVM as its only child, ends as the JVM does, and takes it along when
     * it is killed. The exit code that is told is the command's: unshare, for one, does not tell with which signal the JVM was killed.
     */
    public ForkedJvmBuilder through(List<String> command) {
        launcher.addAll(command);
        return this;
    }

    /** How long to wait for a line, a stop or the end; {@link #DEFAULT_DEADLINE} unless set. */
    public ForkedJvmBuilder deadline(Duration within) {
        deadline = within;
        return this;
    }

    private static boolean isDefault(Path javaHome) {
        return javaHome.equals(Path.of(System.getProperty("java.home")));
    }

    /** Starts the child; its main method has not necessarily begun. */
    public ForkedJvm start() {
        List<String> command = new ArrayList<>(launcher);
        command.add(javaHome.resolve("bin").resolve("java").toString());
        ClassArchive archive = recorded == null && isDefault(javaHome) ? ClassArchive.shared() : recorded;
        if (archive != null && recorded == null) {
            command.addAll(archive.flags());
        }
        command.addAll(flags);
        command.addAll(List.of("-cp", archive == null ? System.getProperty("java.class.path") : archive.classPath(), main.getName()));
        command.addAll(arguments);
        try {
            return new ForkedJvm(new ProcessBuilder(command).start(), !launcher.isEmpty(), main.getSimpleName(), deadline);
        } catch (IOException e) {
            throw new UncheckedIOException("no child JVM can be started: " + String.join(" ", command), e);
        }
    }
}
