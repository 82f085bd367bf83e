@echo off
rem The one entry point on Windows, with the verbs of build.sh that a user needs. 'build.cmd help' lists them.
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
if /i "%verb%"=="demo"  goto demo
if /i "%verb%"=="tclr"  goto tclr
if /i "%verb%"=="test"  goto test
if /i "%verb%"=="bench" goto bench
if /i "%verb%"=="pack"  goto pack
if /i "%verb%"=="docs"  goto docs
if /i "%verb%"=="lint"  goto lint
echo build.cmd: unknown verb '%verb%'
call :help
exit /b 1

:demo
set rest=demo %rest%
:tclr
dotnet build "%root%samples\Tclr.Console\Tclr.Console.csproj" -c Release -v quiet --nologo -clp:ErrorsOnly || exit /b 1
dotnet "%root%artifacts\bin\Tclr.Console\release\Tclr.Console.dll" %rest%
exit /b %errorlevel%

:test
dotnet test "%root%Tclr.sln" -c Release -m:1 --nologo %rest%
exit /b %errorlevel%

:bench
dotnet build "%root%benchmarks\Tclr.Benchmarks\Tclr.Benchmarks.csproj" -c Release -v quiet --nologo -clp:ErrorsOnly || exit /b 1
cd /d "%root%artifacts"
dotnet "%root%artifacts\bin\Tclr.Benchmarks\release\Tclr.Benchmarks.dll" %rest%
exit /b %errorlevel%

:pack
dotnet pack "%root%Tclr.sln" -c Release -v quiet --nologo -clp:ErrorsOnly
exit /b %errorlevel%

:docs
dotnet build "%root%tests\Tclr.Docs.Tests\Tclr.Docs.Tests.csproj" -c Release -v quiet --nologo -clp:ErrorsOnly || exit /b 1
cd /d "%root%"
dotnet tool restore >nul || exit /b 1
dotnet docfx docs\docfx.json --warningsAsErrors %rest%
exit /b %errorlevel%

:lint
cd /d "%root%"
dotnet format whitespace . --folder --exclude artifacts --verify-no-changes
exit /b %errorlevel%

:help
echo usage: build.cmd VERB [arguments]
echo   demo [args]   build and run the demo: the same as 'tclr demo' (try: demo --videos DIR)
echo   tclr [args]   build and run the command-line program (try: tclr --help, tclr doctor DIR)
echo   test [args]   build and run every test; arguments go to 'dotnet test'
echo   bench [args]  build and run the benchmarks (try: bench losses --quick)
echo   pack          make the NuGet packages in artifacts\packages
echo   docs          make the documentation site in artifacts\docs\site; docs --serve shows it
echo   lint          check the format of the sources
echo   help          this text
exit /b 0
