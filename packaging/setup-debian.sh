#!/bin/sh
# Installs what building, running and testing Ấn Tín needs on Debian 12 or
# newer. Run it as root; when nothing is missing it changes nothing, needs no
# root and takes a fraction of a second. Only apt is asked for anything.
#
#   packaging/setup-debian.sh            install what is missing
#   packaging/setup-debian.sh --list     print the packages and stop
set -eu

# The compiler for cgo, and the headers of the libraries the program links:
# MuPDF comes with its Go module, OpenGL and X11 from the system.
build='ca-certificates clang gcc git libc6-dev libgl1-mesa-dev make pkg-config xorg-dev'

# What the program uses on a desk: the service that talks to USB tokens, and
# Mesa's OpenGL in software for machines without a driver, and the reader of
# scanned words.
run='libgl1-mesa-dri pcscd tesseract-ocr tesseract-ocr-vie'

# Tests: software tokens and a second PKCS#11 client, other people's PDF
# readers to be judged by, a virtual smart card reader, compilers for Windows, a
# screen without a monitor and a hand that drops files on it, the fonts to embed.
test='fonts-liberation2 gcc-mingw-w64-i686 gcc-mingw-w64-x86-64 imagemagick
	libactivation-java libbcpkix-java libbcprov-java libitext5-java libjaxb-api-java libjpeg-turbo-progs libopenjp2-tools libpdfbox2-java libtiff-tools mupdf-tools openbox opensc opensc-pkcs11 openssl
	poppler-utils procps python3-xlib qpdf sane-utils softhsm2 vsmartcard-vpcd xauth xdotool xvfb'

all="$build $run $test"
if [ "${1-}" = --list ]; then
	printf '%s\n' $all
	exit 0
fi

say() { printf 'setup-debian: %s\n' "$*" >&2; }

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
	say "this system has no apt. Install the equivalents of these Debian packages by hand:"
	printf '  %s\n' $all >&2
	exit 1
fi

# One query for all of them: "ii" is installed, anything else is missing.
present=$(dpkg-query -W -f '${db:Status-Abbrev}${Package}\n' $all 2>/dev/null | sed -n 's/^ii *//p')
missing=
for package in $all; do
	case "
$present
" in
	*"
$package
"*) ;;
	*) missing="$missing $package" ;;
	esac
done

if [ -n "$missing" ]; then
	if [ "$(id -u)" -ne 0 ]; then
		say "missing:$missing"
		say "run it as root, or: sudo apt-get install$missing"
		exit 1
	fi
	say "installing:$missing"
	export DEBIAN_FRONTEND=noninteractive
	apt-get update -q >&2
	apt-get install -q -y --no-install-recommends $missing >&2
fi

# The module asks for Go 1.26; Debian 12 has an older one.
if ! command -v go >/dev/null; then
	say "Go is missing. Install Go 1.26 or newer from go.dev/dl into /usr/local/go and put /usr/local/go/bin on PATH."
	exit 1
fi
version=$(GOTOOLCHAIN=local go env GOVERSION)
number=${version#go}
major=${number%%.*}
minor=${number#*.}
minor=${minor%%[!0-9]*}
case $version in
go[0-9]*.[0-9]*)
	if [ "$major" -lt 1 ] || { [ "$major" -eq 1 ] && [ "${minor:-0}" -lt 26 ]; }; then
		say "found $version, but 1.26 or newer is needed. Replace $(command -v go): see go.dev/dl."
		exit 1
	fi
	;;
*) say "cannot tell whether $version is Go 1.26 or newer; going on" ;;
esac
