#!/bin/sh
# Compiles what loads PKCS#11 modules on Windows, for 64-bit and 32-bit modules,
# with Debian's mingw, and vets it with its tests. Nothing is run.
#
#   packaging/check-windows.sh [PACKAGE…]     default: ./signer/worker ./signer/token
#
# Needs the packages gcc-mingw-w64-x86-64 and gcc-mingw-w64-i686.
set -eu

cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- ./signer/worker ./signer/token

for target in amd64:x86_64-w64-mingw32-gcc 386:i686-w64-mingw32-gcc; do
	arch=${target%%:*}
	compiler=${target#*:}
	if ! command -v "$compiler" >/dev/null; then
		echo "check-windows: $compiler is missing: apt-get install gcc-mingw-w64-x86-64 gcc-mingw-w64-i686" >&2
		exit 1
	fi
	for verb in build vet; do
		echo "windows/$arch: go $verb $*"
		CGO_ENABLED=1 CC=$compiler GOOS=windows GOARCH=$arch go "$verb" "$@"
	done
done
