package io.tha.testkit;

import java.lang.management.ManagementFactory;
import java.util.List;

/** Which of this JVM's flags a child needs too: those that open the JDK, keep libraries quiet, and let standbys start sooner. */
final class JvmFlags {
    private static final List<String> INHERITED = List.of(
            "--add-exports", "--add-opens", "--add-modules", "--enable-native-access", "--illegal-native-access",
            "--sun-misc-unsafe-memory-access", "-Dchronicle.", "-Djna.", "-Dtha.rehearsalMillis=");

    private JvmFlags() {}

    static List<String> inherited() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> INHERITED.stream().anyMatch(argument::startsWith))
                .toList();
    }
}
