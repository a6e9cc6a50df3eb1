package token

import (
	"bytes"
	"debug/elf"
	"debug/macho"
	"debug/pe"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// entryPoint is the one function every PKCS#11 module exports.
const entryPoint = "C_GetFunctionList"

// Inspect looks at the header of a module file without loading it. It returns
// nil when the file can be a module for this program, and else [ErrNoModule] (no
// such file), [ErrNotModule] or [ErrWrongArchitecture] with what was found.
func Inspect(path string) error {
	if !filepath.IsAbs(path) {
		return refuse(ErrNoModule, "path %q is not absolute", path)
	}
	info, err := os.Stat(path)
	if err != nil {
		return refuse(ErrNoModule, "%v", err)
	}
	if !info.Mode().IsRegular() {
		return refuse(ErrNoModule, "%q is no regular file", path)
	}
	got, err := readImage(path)
	if err != nil {
		return refuse(ErrNotModule, "%v", err)
	}
	if got.format == "" {
		return refuse(ErrNotModule, "%q is no library", path)
	}
	want := map[string]string{"windows": "PE", "darwin": "Mach-O"}[runtime.GOOS]
	if want == "" {
		want = "ELF"
	}
	if got.format != want || !slices.Contains(got.architectures, runtime.GOARCH) {
		return refuse(ErrWrongArchitecture, "%q is %s for %s, needed is %s for %s",
			path, got.format, strings.Join(got.architectures, " and "), want, runtime.GOARCH)
	}
	if !got.exports {
		return refuse(ErrNotModule, "%q does not export %s", path, entryPoint)
	}
	return nil
}

// image is what the header of a library says.
type image struct {
	format        string   // ELF, PE, Mach-O, or "" for anything else
	architectures []string // as runtime.GOARCH, or the format's own name
	exports       bool     // the entry point
}

func readImage(path string) (image, error) {
	f, err := os.Open(path)
	if err != nil {
		return image{}, err
	}
	defer f.Close()
	return parseImage(f), nil
}

func parseImage(f io.ReaderAt) image {
	if lib, err := elf.NewFile(f); err == nil {
		return imageELF(lib)
	}
	if lib, err := pe.NewFile(f); err == nil {
		return imagePE(lib)
	}
	if lib, err := macho.NewFatFile(f); err == nil {
		img := image{format: "Mach-O"}
		for _, a := range lib.Arches {
			img.addMachO(a.File)
		}
		return img
	}
	if lib, err := macho.NewFile(f); err == nil {
		img := image{format: "Mach-O"}
		img.addMachO(lib)
		return img
	}
	return image{}
}

func imageELF(f *elf.File) image {
	arch, ok := map[elf.Machine]string{
		elf.EM_X86_64: "amd64", elf.EM_386: "386", elf.EM_AARCH64: "arm64", elf.EM_ARM: "arm",
		elf.EM_RISCV: "riscv64", elf.EM_LOONGARCH: "loong64",
	}[f.Machine]
	if !ok {
		arch = f.Machine.String()
	}
	symbols, _ := f.DynamicSymbols() // none: no entry point
	return image{"ELF", []string{arch}, slices.ContainsFunc(symbols, func(s elf.Symbol) bool {
		return s.Name == entryPoint && s.Section != elf.SHN_UNDEF
	})}
}

func (img *image) addMachO(f *macho.File) {
	arch, ok := map[macho.Cpu]string{macho.CpuAmd64: "amd64", macho.CpuArm64: "arm64", macho.Cpu386: "386"}[f.Cpu]
	if !ok {
		arch = f.Cpu.String()
	}
	img.architectures = append(img.architectures, arch)
	// A stripped library keeps its exports elsewhere: give it the benefit of the doubt.
	img.exports = img.exports || f.Symtab == nil || slices.ContainsFunc(f.Symtab.Syms, func(s macho.Symbol) bool {
		return s.Name == "_"+entryPoint && s.Sect != 0
	})
}

func imagePE(f *pe.File) image {
	arch, ok := map[uint16]string{
		pe.IMAGE_FILE_MACHINE_AMD64: "amd64", pe.IMAGE_FILE_MACHINE_I386: "386", pe.IMAGE_FILE_MACHINE_ARM64: "arm64",
	}[f.Machine]
	if !ok {
		arch = "another processor"
	}
	return image{"PE", []string{arch}, exportsPE(f)}
}

// exportsPE walks the export directory (Microsoft PE format, ".edata").
func exportsPE(f *pe.File) bool {
	var directory uint32
	switch h := f.OptionalHeader.(type) {
	case *pe.OptionalHeader64:
		directory = h.DataDirectory[pe.IMAGE_DIRECTORY_ENTRY_EXPORT].VirtualAddress
	case *pe.OptionalHeader32:
		directory = h.DataDirectory[pe.IMAGE_DIRECTORY_ENTRY_EXPORT].VirtualAddress
	}
	if directory == 0 {
		return false
	}
	data := map[*pe.Section][]byte{}
	at := func(address uint32) []byte {
		for _, s := range f.Sections {
			if address < s.VirtualAddress || address-s.VirtualAddress >= max(s.VirtualSize, s.Size) {
				continue
			}
			if data[s] == nil {
				data[s], _ = s.Data()
			}
			if offset := int(address - s.VirtualAddress); offset < len(data[s]) {
				return data[s][offset:]
			}
		}
		return nil
	}
	export := at(directory)
	if len(export) < 40 {
		return false
	}
	count, names := binary.LittleEndian.Uint32(export[24:]), at(binary.LittleEndian.Uint32(export[32:]))
	want := []byte(entryPoint + "\x00")
	for ; count > 0 && len(names) >= 4; count, names = count-1, names[4:] {
		if bytes.HasPrefix(at(binary.LittleEndian.Uint32(names)), want) {
			return true
		}
	}
	return false
}
