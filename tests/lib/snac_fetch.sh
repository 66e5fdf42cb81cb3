#!/bin/sh
# snac_fetch.sh FOLDER: unpacks snac2 from Debian's backports, and the libraries that it needs and
# the machine lacks, into FOLDER/root. The source is derived from the machine's own Debian source;
# apt's state is private to FOLDER, the system stays as it is. Nothing is done where it was done.
set -eu
mkdir -p "$1"
folder=$(cd "$1" && pwd)
[ -x "$folder/root/usr/bin/snac" ] && exit 0

say() {
    echo "snac_fetch: $1" >&2
    exit 1
}

# Two test files at once: the second waits for the first.
exec 9>"$folder/lock"
flock -w 120 9 || say "another fetch does not end"
[ -x "$folder/root/usr/bin/snac" ] && exit 0

# shellcheck disable=SC1091
suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
[ -n "$suite" ] || say "the name of the Debian release is not known"
# shellcheck disable=SC2016
site=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    awk -v suite="$suite" '$2 == suite && $3 == "main" { print $1; exit }')
[ -n "$site" ] || say "no Debian source for $suite among the machine's"

state=$folder/apt
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
mkdir -p "$state/lists/partial" "$state/cache/archives/partial" "$folder/packages"
for each in "$suite" "$suite-backports"; do
    echo "deb [signed-by=$keyring] $site $each main"
done >"$state/sources.list"

# apt WORDS…: apt-get in the private state; what is installed it learns from the system.
apt() {
    apt-get -qq \
        -o Dir::Etc::SourceList="$state/sources.list" -o Dir::Etc::SourceParts=/dev/null \
        -o Dir::State="$state" -o Dir::State::status=/var/lib/dpkg/status \
        -o Dir::Cache="$state/cache" -o APT::Sandbox::User="$(id -un)" \
        -o Acquire::Languages=none -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false \
        -o Acquire::Retries=3 -o Debug::NoLocking=true "$@"
}

apt update
wanted=$(apt --simulate --no-install-recommends -t "$suite-backports" install snac2 |
    sed -n 's/^Inst \([^ ]*\) .*(\([^ ]*\) .*/\1=\2/p')
# Installed already, and from there: still unpacked here, for one way to start it.
[ -n "$wanted" ] || wanted=snac2/$suite-backports
# shellcheck disable=SC2086
(cd "$folder/packages" && apt download $wanted)

rm -rf "$folder/unpacking"
for package in "$folder"/packages/*.deb; do
    dpkg-deb -x "$package" "$folder/unpacking"
done
rm -rf "$folder/root"
mv "$folder/unpacking" "$folder/root"
rm -rf "$folder/packages" "$state"
