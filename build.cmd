@echo off
rem The one entry point on Windows, on the official TorchSharp and OpenCvSharp packages. 'build.cmd help' lists the verbs.
setlocal
set "root=%~dp0"
set "verb=%~1"
if "%verb%"=="" set "verb=help"
set "DOTNET_NOLOGO=1"
set "DOTNET_CLI_TELEMETRY_OPTOUT=1"
rem Everything after the verb.
set "rest="
:next
shift
if "%~1"=="" goto run
set rest=%rest% %1
goto next

:run
if /i "%verb%"=="help" goto help
where dotnet >nul 2>nul || (echo build.cmd: the .NET SDK 10 is missing: install it from https://dot.net and try again & exit /b 1)
if /i "%verb%"=="demo" goto demo
if /i "%verb%"=="test" goto test
if /i "%verb%"=="bench" goto bench
if /i "%verb%"=="pack" goto pack
if /i "%verb%"=="lint" goto lint
echo build.cmd: unknown verb '%verb%'
goto help

:demo
dotnet build "%root%samples\Quickstart\Quickstart.csproj" -c Release -v quiet --nologo || exit /b 1
dotnet "%root%artifacts\bin\Quickstart\release\Quickstart.dll" %rest%
exit /b %errorlevel%

:test
dotnet test "%root%Tclr.sln" -c Release -m:1 --nologo %rest%
exit /b %errorlevel%

:bench
dotnet build "%root%benchmarks\Tclr.Benchmarks\Tclr.Benchmarks.csproj" -c Release -v quiet --nologo || exit /b 1
dotnet "%root%artifacts\bin\Tclr.Benchmarks\release\Tclr.Benchmarks.dll" %rest%
exit /b %errorlevel%

:pack
dotnet pack "%root%Tclr.sln" -c Release -v quiet --nologo
exit /b %errorlevel%

:lint
dotnet format "%root%Tclr.sln" --verify-no-changes --severity warn
exit /b %errorlevel%

:help
echo usage: build.cmd VERB [arguments]
echo   demo [args]   build and run the quickstart (try: demo --help, demo --videos DIR)
echo   test [args]   build and run every test
echo   bench [args]  build and run the benchmarks
echo   pack          make the NuGet packages in artifacts\packages
echo   lint          check the format of the sources
exit /b 0
