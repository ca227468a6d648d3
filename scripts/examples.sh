# Sourced by the demonstrations: builds what is missing or older than the sources, and says which Java runs it.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
jar=$here/examples/target/examples.jar

if [ ! -f "$jar" ] || [ -n "$(find "$here"/*/src/main "$here"/*/pom.xml "$here"/pom.xml -newer "$jar" -print -quit)" ]; then
  echo "building $jar ..."
  mvn=mvn
  command -v mvn >/dev/null || mvn=$here/mvnw
  (cd "$here" && "$mvn" -B -ntp -q package -pl examples -am -DskipTests -Dspotless.check.skip -Dcheckstyle.skip) >&2
  touch "$jar"
fi

java=java
[ -z "${JAVA_HOME:-}" ] || java=$JAVA_HOME/bin/java
