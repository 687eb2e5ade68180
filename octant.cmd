@echo off
rem SPDX-License-Identifier: Apache-2.0
rem Runs the command line of a release, whose bin\ holds this and whose jars lie in lib\, or that of this checkout,
rem once it is built:
rem mvnw.cmd -B -pl adapters/cli -am -DskipTests package
setlocal enableextensions disabledelayedexpansion
set "home=%~dp0"
set "jar=%home%..\lib\octant-cli.jar"
set "libraries=%home%..\lib"
if exist "%jar%" goto java
set "jar=%home%adapters\cli\target\octant-cli.jar"
set "libraries=%home%adapters\cli\target\lib"
if exist "%jar%" goto java
echo octant: the command line must be built first, by mvnw.cmd -B -pl adapters/cli -am -DskipTests package 1>&2
exit /b 2

rem The first of: what OCTANT_JAVA names, a release's own Java, that of JAVA_HOME where it is 17 or later, the one on the
rem path. There is no block in parentheses here: a path with (x86) in it would end it.
:java
set "java="
set "unused="
if defined OCTANT_JAVA goto named
if not defined JAVA_HOME goto own
set "unused=%JAVA_HOME:"=%"
:own
if not exist "%home%..\runtime\bin\java.exe" goto installed
set "java=%home%..\runtime\bin\java.exe"
goto run

rem What a JDK is stands in its file release: JAVA_VERSION="17.0.1", and "1.8.0" before 9.
:installed
if not defined unused goto path
if not exist "%unused%\bin\java.exe" goto path
if not exist "%unused%\release" goto path
set "version=0"
for /f "usebackq tokens=1,2 delims==." %%a in ("%unused%\release") do if "%%a"=="JAVA_VERSION" set "version=%%b"
set "version=%version:"=%"
if not defined version goto path
if %version% lss 17 goto path
set "java=%unused%\bin\java.exe"
set "unused="
goto run

:path
for %%j in (java.exe) do set "java=%%~$PATH:j"
if defined java goto run
echo octant: a JDK 17 or later must be on the PATH or named by JAVA_HOME or OCTANT_JAVA, none was found 1>&2
exit /b 2

rem A java.exe, with its ending or without, or the folder of a JDK.
:named
set "java=%OCTANT_JAVA:"=%"
if exist "%java%\bin\java.exe" set "java=%java%\bin\java.exe"
if exist "%java%.exe" set "java=%java%.exe"
if exist "%java%\*" goto refused
if exist "%java%" goto run
for %%j in ("%java%" "%java%.exe") do if not "%%~$PATH:j"=="" set "java=%%~$PATH:j"
if exist "%java%" goto run
:refused
echo octant: OCTANT_JAVA must be a java.exe or the folder of a JDK, was "%OCTANT_JAVA:"=%" 1>&2
exit /b 2

rem Who set JAVA_HOME may think that it is what runs: said where it is asked for.
:run
if not defined unused goto start
if not "%~1"=="info" goto start
echo octant: JAVA_HOME "%unused%" is not used, the Java is "%java%"; OCTANT_JAVA names another 1>&2
:start
"%java%" -XX:+UseSerialGC -XX:+IgnoreUnrecognizedVMOptions --enable-native-access=ALL-UNNAMED ^
    --sun-misc-unsafe-memory-access=allow -cp "%jar%;%libraries%\*" dev.octant.cli.Octant %*
exit /b %errorlevel%
