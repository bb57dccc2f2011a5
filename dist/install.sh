#!/bin/sh
# Installs fob for this user: sh install.sh URL [FOLDER]
#   URL     where the packages are: the folder that holds SHA256SUMS, as https://… or file://…
#   FOLDER  where to install: bin/fob, man pages and completions go below it (default: ~/.local)
# The archive must have the checksum that SHA256SUMS names. Nothing is installed before.
set -eu

fail() { echo "error: $*" >&2; exit 2; }
[ "$#" -ge 1 ] || fail "give the address of the packages: sh install.sh https://packages.example/fob"
url=${1%/}
folder=${2:-$HOME/.local}
case $(uname -s) in
    Linux) system=linux ;;
    Darwin) system=macos ;;
    *) fail "there is no archive for $(uname -s); build fob with cargo install --locked --path ." ;;
esac
case $(uname -m) in
    x86_64 | amd64) machine=x86_64 ;;
    aarch64 | arm64) machine=aarch64 ;;
    *) fail "there is no archive for $(uname -m); build fob with cargo install --locked --path ." ;;
esac
if command -v sha256sum >/dev/null; then digest() { sha256sum "$1"; }; else digest() { shasum -a 256 "$1"; }; fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
curl --fail --silent --show-error --location --output "$work/SHA256SUMS" "$url/SHA256SUMS" || fail "cannot read $url/SHA256SUMS"
line=$(grep -E "^[0-9a-f]{64}  fob-[^/]*-$machine-$system\.tar\.gz$" "$work/SHA256SUMS") ||
    fail "$url has no archive for $machine-$system"
archive=${line#*  }
curl --fail --silent --show-error --location --output "$work/$archive" "$url/$archive" || fail "cannot read $url/$archive"
[ "$(digest "$work/$archive" | cut -d ' ' -f 1)" = "${line%% *}" ] ||
    fail "the checksum of $archive is not the one in SHA256SUMS: the file was changed, or not read to its end"

tar -xzf "$work/$archive" -C "$work"
files=$work/${archive%.tar.gz}
mkdir -p "$folder/bin" "$folder/share/man/man1" "$folder/share/bash-completion/completions" \
    "$folder/share/zsh/site-functions" "$folder/share/fish/vendor_completions.d"
cp "$files"/man/man1/*.1 "$folder/share/man/man1/"
cp "$files/completions/fob.bash" "$folder/share/bash-completion/completions/fob"
cp "$files/completions/_fob" "$folder/share/zsh/site-functions/_fob"
cp "$files/completions/fob.fish" "$folder/share/fish/vendor_completions.d/fob.fish"
# A running fob keeps its file.
cp "$files/fob" "$folder/bin/.fob.new"
mv "$folder/bin/.fob.new" "$folder/bin/fob"
"$folder/bin/fob" --version
case ":$PATH:" in
    *":$folder/bin:"*) ;;
    *) echo "add $folder/bin to PATH" ;;
esac
