@echo off
rem SPDX-License-Identifier: Apache-2.0
rem Runs the command line of a release, whose bin\ holds this and whose jars lie in lib\, or that of this checkout,
rem once it is built:
rem mvnw.cmd -B -pl adapters/cli -am -DskipTests package
setlocal
set "home=%~dp0"
set "jar=%home%..\lib\octant-cli.jar"
set "libraries=%home%..\lib"
if exist "%jar%" goto java
set "jar=%home%adapters\cli\target\octant-cli.jar"
set "libraries=%home%adapters\cli\target\lib"
if exist "%jar%" goto java
echo octant: the command line must be built first, by mvnw.cmd -B -pl adapters/cli -am -DskipTests package 1>&2
exit /b 2

rem A release's own Java, that of OCTANT_JAVA (a java.exe or a JDK's folder), that of JAVA_HOME, or the one on the path.
:java
set "java=java"
if defined JAVA_HOME set "java=%JAVA_HOME%\bin\java.exe"
if exist "%home%..\runtime\bin\java.exe" set "java=%home%..\runtime\bin\java.exe"
if defined OCTANT_JAVA set "java=%OCTANT_JAVA%"
if exist "%java%\bin\java.exe" set "java=%java%\bin\java.exe"
"%java%" -XX:+UseSerialGC -XX:+IgnoreUnrecognizedVMOptions --enable-native-access=ALL-UNNAMED ^
    --sun-misc-unsafe-memory-access=allow -cp "%jar%;%libraries%\*" dev.octant.cli.Octant %*
exit /b %errorlevel%
