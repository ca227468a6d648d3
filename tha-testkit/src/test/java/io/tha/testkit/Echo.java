package io.tha.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** A child that says what it was given, repeats what it is sent, and ends with the code that follows the word "exit". */
final class Echo {
    private Echo() {}

    public static void main(String[] arguments) throws IOException {
        System.err.println("this goes to standard error");
        System.out.println("FLAGS " + JvmFlags.inherited());
        System.out.println("PROPERTY " + System.getProperty("greeting"));
        System.out.println("READY " + String.join(",", arguments));
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            if (line.startsWith("exit ")) {
                System.exit(Integer.parseInt(line.substring(5)));
            }
            System.out.println("ECHO " + line);
        }
        System.out.println("END");
    }
}
