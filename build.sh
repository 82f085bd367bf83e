#!/usr/bin/env bash
# The one entry point on Linux and macOS: sets up what is missing, then does the work. './build.sh help' lists the verbs.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
artifacts="$root/artifacts"
configuration=Release
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

# System libraries that OpenCvSharp's Linux library is linked against, and the Debian packages that bring them.
libraries=(libgtk-3.so.0:libgtk-3-0 libatomic.so.1:libatomic1 libdrm.so.2:libdrm2)

say() { printf '\033[1m== %s\033[0m\n' "$*"; }
fail() { printf 'build.sh: %s\n' "$*" >&2; exit 1; }

usage() {
  cat <<'TEXT'
usage: ./build.sh VERB [arguments]

  demo [args]    set up, build, run the demo: the same as 'tclr demo' (try: demo --videos DIR)
  tclr [args]    set up, build, run the command-line program (try: tclr --help, tclr doctor DIR)
  test [args]    set up, build, run every test; arguments go to 'dotnet test' (try: test --filter Name~Losses).
                 --coverage measures coverage, without the tests that start programs, and fails below the thresholds;
                 --long runs the tests that take minutes, which are left out otherwise
  bench [args]   set up, build, run the benchmarks: bench losses|models|weights|data|training|evaluation (try: bench losses --quick, bench --list flat)
  fuzz [args]    give the readers mutated files, guided by coverage: fuzz [READER...] [--minutes N]; results go to artifacts/fuzz
  gpu            make artifacts/gpu: benchmarks for a machine with a CUDA GPU and PyTorch, without .NET (run.sh there runs them)
  soak [args]    long runs: soak kills [N] kills processes and resumes them, soak steady [STEPS] watches memory, files and threads, soak numbers compares results
  mutate PROJECT [--tests FILES] [args]   mutation testing of a package by Stryker, whose options args are
                 (try: mutate Tclr.Losses, mutate Tclr.Data --tests 'Sampling/*' --mutate '**/Sampling/*.cs')
  pack           make the NuGet packages in artifacts/packages
  docs [--serve] make the documentation site in artifacts/docs/site; --serve shows it on http://localhost:8080
  api            write the public members of the libraries into src/*/PublicAPI.Unshipped.txt, after a change of them
  lint           check the format of the sources; code style and analyzers are part of every build
  help           this text
TEXT
}

have_sdk() {
  command -v dotnet >/dev/null || fail "the .NET SDK 10 is missing: install it from https://dot.net and try again"
  (cd "$root" && dotnet --version >/dev/null 2>&1) || fail "a .NET SDK 10 is needed, found: $(dotnet --list-sdks | tr '\n' ' ')"
}

# Installs Debian packages; arguments after the first are their names, the first says what needs them.
install() {
  local purpose=$1 sudo=()
  shift
  command -v apt-get >/dev/null || fail "$purpose is missing; install your distribution's counterparts of Debian's packages: $*"
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || fail "packages are missing; run as root: apt-get install -y --no-install-recommends $*"
    sudo=(sudo)
  fi
  say "Installing $*"
  mkdir -p "$artifacts"
  if ! { "${sudo[@]}" apt-get update && "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"; } >"$artifacts/apt.log" 2>&1; then
    tail -n 20 "$artifacts/apt.log" >&2
    fail "apt-get failed (log: $artifacts/apt.log); run by hand: apt-get install -y --no-install-recommends $*"
  fi
}

# Nothing is asked of apt if every library is there.
have_libraries() {
  [ "$(uname -s)" = Linux ] || return 0
  local known missing=() entry
  known=$(PATH="$PATH:/usr/sbin:/sbin" ldconfig -p 2>/dev/null) || known=
  for entry in "${libraries[@]}"; do
    [[ $known == *"${entry%%:*} "* ]] || missing+=("${entry##*:}")
  done
  [ ${#missing[@]} -eq 0 ] || install "a system library of OpenCV" "${missing[@]}"
}

# Programs that some tests run, and are skipped without: both MPI libraries, and the command of FfmpegVideoReader.
have_test_programs() {
  [ "$(uname -s)" = Linux ] || return 0
  local missing=()
  command -v mpirun.openmpi >/dev/null || missing+=(openmpi-bin)
  command -v mpiexec.mpich >/dev/null || missing+=(mpich)
  command -v ffmpeg >/dev/null || missing+=(ffmpeg)
  [ ${#missing[@]} -eq 0 ] || (install "a program of the tests" "${missing[@]}") || say "Tests that need one of ${missing[*]} are skipped"
}

setup() { have_sdk; have_libraries; }

build() {
  say "Building $1 ($configuration)"
  dotnet build "$root/$1" -c "$configuration" -v quiet --nologo "-clp:ErrorsOnly;NoSummary" ||
    fail "the build of $1 failed; the messages above say why"
}

# Adds up the counters of the test results and prints them as the last line.
summary() {
  local file passed=0 failed=0 skipped=0 counters
  for file in "$artifacts"/test-results/*.trx; do
    [ -e "$file" ] || continue
    counters=$(grep -o '<Counters [^>]*>' "$file")
    passed=$((passed + $(sed 's/.* passed="\([0-9]*\)".*/\1/' <<<"$counters")))
    failed=$((failed + $(sed 's/.* failed="\([0-9]*\)".*/\1/' <<<"$counters")))
    skipped=$((skipped + $(grep -c '<UnitTestResult .*outcome="NotExecuted"' "$file" || true)))
  done
  echo "$passed passed, $failed failed, $skipped skipped"
}

# Adds to the PublicAPI files what the compiler misses in them (RS0016), and removes what it does not find (RS0017).
update_api() {
  local end="\(.*\)/[^/]*\.csproj\]\$" folder sign symbol file
  sed -n "s|.*warning RS0016: Symbol '\(.*\)' is not part of the declared public API .*\[$end|\2\t+\t\1|p; s|.*warning RS0017: Symbol '\(.*\)' is part of the declared API, .*\[$end|\2\t-\t\1|p" <<<"$1" | sort -u |
    while IFS=$'\t' read -r folder sign symbol; do
      file="$folder/PublicAPI.Unshipped.txt"
      if [ "$sign" = + ]; then
        printf '%s\n' "$symbol" >>"$file"
      elif grep -qxF -- "$symbol" "$folder/PublicAPI.Shipped.txt"; then
        printf '*REMOVED*%s\n' "$symbol" >>"$file"
      else
        grep -vxF -- "$symbol" "$file" >"$file.new" && mv "$file.new" "$file"
      fi
      echo "$(basename "$folder"): $sign $symbol"
    done
  for file in "$root"/src/*/PublicAPI.Unshipped.txt; do
    { echo '#nullable enable'; grep -vxF '#nullable enable' "$file" | LC_ALL=C sort -u; } >"$file.new"
    mv "$file.new" "$file"
  done
}

# Merges what the projects measured: a line counts if a test of any project runs it.
coverage() {
  say "Coverage"
  (cd "$root" && dotnet tool restore >/dev/null) || { echo "the .NET tools of .config/dotnet-tools.json could not be restored"; return 1; }
  (cd "$root" && dotnet reportgenerator "-reports:$artifacts/test-results/*/coverage.cobertura.xml" "-targetdir:$artifacts/coverage" \
    "-reporttypes:TextSummary;Html" "-filefilters:-*.g.cs" -verbosity:Error "minimumCoverageThresholds:lineCoverage=90" "minimumCoverageThresholds:branchCoverage=85") || return 1
  sed -n '/Line coverage/p;/Branch coverage/p' "$artifacts/coverage/Summary.txt"

  # An assembly that could not be instrumented is left out without an error.
  local library
  for library in "$root"/src/Tclr*/; do
    grep -q "^$(basename "$library") " "$artifacts/coverage/Summary.txt" || { echo "coverage: $(basename "$library") was not measured"; return 1; }
  done
}

verb=${1:-help}
[ $# -eq 0 ] || shift
case "$verb" in
  demo | tclr)
    setup
    build samples/Tclr.Console/Tclr.Console.csproj
    [ "$verb" = tclr ] || set -- demo "$@"
    say "Running tclr $*"
    exec dotnet "$artifacts/bin/Tclr.Console/release/Tclr.Console.dll" "$@"
    ;;
  test)
    coverage=
    if [ "${1:-}" = --coverage ]; then
      coverage=yes
      shift
    elif [ "${1:-}" = --long ]; then
      shift
      set -- --filter TestCategory=Long "$@"
    fi
    setup
    have_test_programs
    build Tclr.sln
    say "Running the tests"
    rm -rf "$artifacts/test-results"
    status=0
    for project in "$root"/tests/*/*.csproj; do
      name=$(basename "$project" .csproj)
      # Programs that a test starts are not measured.
      collect=()
      [ -z "$coverage" ] || [ "$name" = Tclr.Integration.Tests ] || collect=(--collect "XPlat Code Coverage" --settings "$root/eng/coverage.runsettings")
      dotnet test "$project" -c "$configuration" --no-build --nologo \
        --logger "trx;LogFileName=$name.trx" --results-directory "$artifacts/test-results" ${collect[@]+"${collect[@]}"} "$@" || status=1
    done
    [ -z "$coverage" ] || coverage || status=1
    summary
    exit $status
    ;;
  bench)
    setup
    build benchmarks/Tclr.Benchmarks/Tclr.Benchmarks.csproj
    say "Running the benchmarks"
    cd "$artifacts" && exec dotnet "$artifacts/bin/Tclr.Benchmarks/release/Tclr.Benchmarks.dll" "$@"
    ;;
  fuzz)
    setup
    build fuzz/Tclr.Fuzz.csproj
    say "Instrumenting the libraries"
    (cd "$root" && dotnet tool restore >/dev/null) || fail "the .NET tools of .config/dotnet-tools.json could not be restored"
    # Copies: the files of bin are hard links. Assemblies of other packages stay as they are.
    program="$artifacts/fuzz/program"
    rm -rf "$program"
    mkdir -p "$artifacts/fuzz"
    cp -Rl "$artifacts/bin/Tclr.Fuzz/release" "$program"
    for assembly in "$artifacts"/bin/Tclr.Fuzz/release/Tclr*.dll; do
      name=$(basename "$assembly")
      [ "$name" = Tclr.Fuzz.dll ] && continue
      rm "$program/$name"
      cp "$assembly" "$program/$name"
      (cd "$root" && dotnet sharpfuzz "$program/$name") || fail "$name could not be instrumented"
    done
    say "Fuzzing"
    exec dotnet "$program/Tclr.Fuzz.dll" --results "$artifacts/fuzz" "$@"
    ;;
  soak)
    setup
    build soak/Tclr.Soak.csproj
    say "Running"
    cd "$artifacts" && exec dotnet "$artifacts/bin/Tclr.Soak/release/Tclr.Soak.dll" "$@"
    ;;
  mutate)
    setup
    project=${1:-}
    [ -d "$root/tests/$project.Tests" ] && [ -n "$project" ] || fail "expected a package, such as Tclr.Losses"
    shift
    (cd "$root" && dotnet tool restore >/dev/null) || fail "the .NET tools of .config/dotnet-tools.json could not be restored"
    say "Mutating $project"
    export TclrMutation=true TclrMutationTests=
    if [ "${1:-}" = --tests ]; then
      TclrMutationTests=${2:-}
      shift 2
    fi
    cd "$root/tests/$project.Tests" && exec dotnet stryker --config-file "$root/eng/stryker.json" --project "$project.csproj" --output "$artifacts/mutation/$project" "$@"
    ;;
  gpu)
    setup
    say "Publishing into artifacts/gpu"
    rm -rf "$artifacts/gpu"
    dotnet publish "$root/benchmarks/gpu" -c "$configuration" -r linux-x64 --self-contained -o "$artifacts/gpu" -v quiet --nologo "-clp:ErrorsOnly;NoSummary" || fail "publishing failed; the messages above say why"
    rm -f "$artifacts"/gpu/*.xml
    du -sh "$artifacts/gpu"
    ;;
  pack)
    setup
    say "Packing into artifacts/packages"
    rm -rf "$artifacts/packages"
    dotnet pack "$root/Tclr.sln" -c "$configuration" -v quiet --nologo "-clp:ErrorsOnly;NoSummary" || fail "packing failed; the messages above say why"
    ls -1 "$artifacts/packages"
    ;;
  docs)
    setup
    build tests/Tclr.Docs.Tests/Tclr.Docs.Tests.csproj
    say "Making the site in artifacts/docs/site"
    rm -rf "$artifacts/docs" "$root/docs/api"
    (cd "$root" && dotnet tool restore >/dev/null && dotnet docfx docs/docfx.json --warningsAsErrors "$@") || fail "docfx failed; the messages above say why"
    ;;
  api)
    setup
    say "Writing src/*/PublicAPI.Unshipped.txt"
    build Tclr.sln
    log=$(for project in "$root"/src/*/*.csproj; do dotnet build "$project" -c "$configuration" --no-incremental --no-dependencies --no-restore -v quiet --nologo -clp:NoSummary; done) || fail "the build failed"
    update_api "$log"
    ;;
  lint)
    have_sdk
    say "Checking the format"
    # Code style and analyzers are part of every build, whose warnings are errors.
    (cd "$root" && dotnet format whitespace . --folder --exclude artifacts --verify-no-changes) || fail "run: dotnet format whitespace . --folder --exclude artifacts"
    ;;
  help | -h | --help) usage ;;
  *) usage >&2; fail "unknown verb '$verb'" ;;
esac
