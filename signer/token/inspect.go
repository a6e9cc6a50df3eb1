package token

import (
	"bytes"
	"debug/elf"
	"debug/macho"
	"debug/pe"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// entryPoint is the one function every PKCS#11 module exports.
const entryPoint = "C_GetFunctionList"

// maxModule is far above the largest module known (about 30 MB), in bytes.
const maxModule = 512 << 20

// ArchitectureError tells what a module was built for when this program cannot
// load it. It is [ErrWrongArchitecture].
type ArchitectureError struct {
	Path          string
	Format        string   // ELF, PE or Mach-O
	Architectures []string // as runtime.GOARCH
	Needed        string   // what this program could load, as "PE for amd64"
	// Helper is the architecture (as runtime.GOARCH) of a helper program that
	// this system can run beside us and that could load the module, as the
	// 32-bit one on Windows. It is "" when no program on this system could.
	Helper string
}

func (e *ArchitectureError) Error() string { return e.Unwrap().Error() }

// Unwrap gives the *[Error] that crosses the pipe from the helper.
func (e *ArchitectureError) Unwrap() error {
	way := "no program on this system can load it"
	if e.Helper != "" {
		way = "a helper for " + e.Helper + " could load it"
	}
	return refuse(ErrWrongArchitecture, "%q is %s for %s, needed is %s; %s",
		e.Path, e.Format, strings.Join(e.Architectures, " and "), e.Needed, way)
}

// Inspect looks at the header of a module file without loading it. It returns
// nil when the file can be a module for this program, and else [ErrNoModule] (no
// such file, a relative path or one on a network share), [ErrNotModule] or an
// *[ArchitectureError].
func Inspect(path string) error {
	_, err := inspect(path)
	return err
}

func inspect(path string) (image, error) {
	if !filepath.IsAbs(path) {
		return image{}, refuse(ErrNoModule, "path %q is not absolute", path)
	}
	if onNetwork(path) { // whoever runs the server would run code beside the PIN
		return image{}, refuse(ErrNoModule, "%q lies on a network share", path)
	}
	info, err := os.Stat(path)
	if err != nil {
		return image{}, refuse(ErrNoModule, "%v", err)
	}
	if !info.Mode().IsRegular() {
		return image{}, refuse(ErrNoModule, "%q is no regular file", path)
	}
	if info.Size() > maxModule {
		return image{}, refuse(ErrNotModule, "%q has %d bytes", path, info.Size())
	}
	got, err := readImage(path)
	if err != nil {
		return image{}, refuse(ErrNotModule, "%v", err)
	}
	return got, got.refusal(path, runtime.GOOS, runtime.GOARCH)
}

// image is what the header of a library says.
type image struct {
	format        string   // ELF, PE, Mach-O, or "" for anything else
	architectures []string // as runtime.GOARCH, or the format's own name
	library       bool     // and not a program or an object file
	exports       bool     // the entry point
}

// refusal is why a program for that system and processor cannot use the image.
func (i image) refusal(path, goos, goarch string) error {
	if i.format == "" {
		return refuse(ErrNotModule, "%q is no library", path)
	}
	want := map[string]string{"windows": "PE", "darwin": "Mach-O"}[goos]
	if want == "" {
		want = "ELF"
	}
	if i.format != want || !slices.Contains(i.architectures, goarch) {
		e := &ArchitectureError{Path: path, Format: i.format, Architectures: i.architectures, Needed: want + " for " + goarch}
		if i.format == want {
			e.Helper = helperFor(goos, goarch, i.architectures)
		}
		return e
	}
	if !i.library {
		return refuse(ErrNotModule, "%q is a program, no library", path)
	}
	if !i.exports {
		return refuse(ErrNotModule, "%q does not export %s", path, entryPoint)
	}
	return nil
}

// foreign are the architectures whose programs a system runs beside its own.
var foreign = map[string][]string{
	"windows/amd64": {"386"}, "windows/386": {"amd64"}, "windows/arm64": {"amd64", "386"}, // WoW64
	"darwin/arm64": {"amd64"}, // Rosetta 2
	"linux/amd64":  {"386"}, "linux/386": {"amd64"}, "linux/arm64": {"arm"},
}

func helperFor(goos, goarch string, architectures []string) string {
	for _, a := range foreign[goos+"/"+goarch] {
		if slices.Contains(architectures, a) {
			return a
		}
	}
	return ""
}

func readImage(path string) (image, error) {
	f, err := os.Open(path)
	if err != nil {
		return image{}, err
	}
	defer f.Close()
	return parseImage(f)
}

// parseImage reads the header of any of the three formats. The readers of the
// standard library promise nothing for files made to harm, hence the recover.
func parseImage(f io.ReaderAt) (i image, err error) {
	defer func() {
		if v := recover(); v != nil {
			i, err = image{}, fmt.Errorf("reading header: %v", v)
		}
	}()
	if lib, err := elf.NewFile(f); err == nil {
		return imageELF(lib), nil
	}
	if lib, err := pe.NewFile(f); err == nil {
		return imagePE(lib), nil
	}
	if lib, err := macho.NewFatFile(f); err == nil {
		img := image{format: "Mach-O"}
		for _, a := range lib.Arches {
			img.addMachO(a.File)
		}
		return img, nil
	}
	if lib, err := macho.NewFile(f); err == nil {
		img := image{format: "Mach-O"}
		img.addMachO(lib)
		return img, nil
	}
	return image{}, nil
}

func imageELF(f *elf.File) image {
	arch, ok := map[elf.Machine]string{
		elf.EM_X86_64: "amd64", elf.EM_386: "386", elf.EM_AARCH64: "arm64", elf.EM_ARM: "arm",
		elf.EM_RISCV: "riscv64", elf.EM_LOONGARCH: "loong64",
	}[f.Machine]
	switch {
	case !ok:
		arch = f.Machine.String()
	case arch != "386" && arch != "arm" && f.Class == elf.ELFCLASS32: // the x32 interface and its like
		arch += " with 32-bit pointers"
	case f.ByteOrder == binary.BigEndian:
		arch += " big-endian"
	}
	symbols, _ := f.DynamicSymbols() // none: no entry point
	exports := slices.ContainsFunc(symbols, func(s elf.Symbol) bool { return s.Name == entryPoint && s.Section != elf.SHN_UNDEF })
	// Without the table of sections, which loading does not need, nobody can tell here.
	return image{"ELF", []string{arch}, f.Type == elf.ET_DYN, exports || len(f.Sections) == 0}
}

func (i *image) addMachO(f *macho.File) {
	arch, ok := map[macho.Cpu]string{macho.CpuAmd64: "amd64", macho.CpuArm64: "arm64", macho.Cpu386: "386"}[f.Cpu]
	if !ok {
		arch = f.Cpu.String()
	}
	i.architectures = append(i.architectures, arch)
	i.library = i.library || f.Type == macho.TypeDylib || f.Type == macho.TypeBundle
	// A stripped library keeps its exports elsewhere: give it the benefit of the doubt.
	i.exports = i.exports || f.Symtab == nil || slices.ContainsFunc(f.Symtab.Syms, func(s macho.Symbol) bool {
		return s.Name == "_"+entryPoint && s.Sect != 0
	})
}

func imagePE(f *pe.File) image {
	arch, ok := map[uint16]string{
		pe.IMAGE_FILE_MACHINE_AMD64: "amd64", pe.IMAGE_FILE_MACHINE_I386: "386", pe.IMAGE_FILE_MACHINE_ARM64: "arm64",
	}[f.Machine]
	if !ok {
		arch = fmt.Sprintf("machine %#x", f.Machine)
	}
	return image{"PE", []string{arch}, f.Characteristics&pe.IMAGE_FILE_DLL != 0, exportsPE(f)}
}

// maxExports is more than any library has: a directory can announce 4 billion.
const maxExports = 1 << 16

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
			if _, read := data[s]; !read {
				data[s], _ = s.Data() // what cannot be read exports nothing
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
	count, names := min(binary.LittleEndian.Uint32(export[24:]), maxExports), at(binary.LittleEndian.Uint32(export[32:]))
	want := []byte(entryPoint + "\x00")
	for ; count > 0 && len(names) >= 4; count, names = count-1, names[4:] {
		if bytes.HasPrefix(at(binary.LittleEndian.Uint32(names)), want) {
			return true
		}
	}
	return false
}
