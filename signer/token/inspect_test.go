package token

import (
	"bytes"
	"debug/elf"
	"debug/macho"
	"debug/pe"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestInspect(t *testing.T) {
	o := desks(t)
	lib, err := os.ReadFile(o.module)
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name string
		file []byte
		want error
	}{
		{"a module", lib, nil},
		{"for 32-bit processors", libraryELF(elf.EM_386, elf.ELFCLASS32, elf.ET_DYN, entryPoint), ErrWrongArchitecture},
		{"for Windows", libraryPE(pe.IMAGE_FILE_MACHINE_I386, true, "C_Finalize", "C_GetFunctionList"), ErrWrongArchitecture},
		{"cut", lib[:100], ErrNotModule},
		{"empty", nil, ErrNotModule},
		{"entry point under another name", bytes.ReplaceAll(lib, []byte("C_GetFunctionList\x00"), []byte("X_GetFunctionList\x00")), ErrNotModule},
	} {
		t.Run(tc.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "m.so")
			write(t, path, tc.file)
			if err := Inspect(path); !errors.Is(err, tc.want) {
				t.Errorf("Inspect = %v, want %v (on %s)", err, tc.want, runtime.GOARCH)
			}
		})
	}
	for _, path := range []string{"m.so", "./m.so", "/nonexistent/m.so", t.TempDir()} {
		if err := Inspect(path); !errors.Is(err, ErrNoModule) {
			t.Errorf("Inspect(%q) = %v, want ErrNoModule", path, err)
		}
	}
	// The helper sends the class and the text over the pipe.
	path := filepath.Join(t.TempDir(), "m.so")
	write(t, path, libraryPE(pe.IMAGE_FILE_MACHINE_AMD64, true, entryPoint))
	var e *Error
	if err := Inspect(path); !errors.As(err, &e) || e.Err != ErrWrongArchitecture || e.Text == "" || e.Error() != err.Error() {
		t.Errorf("Inspect = %v with %+v inside", err, e)
	}
}

func TestRefusalNamesTheHelper(t *testing.T) {
	elf386 := libraryELF(elf.EM_386, elf.ELFCLASS32, elf.ET_DYN, entryPoint)
	universal := libraryFat(macho.TypeDylib, "_"+entryPoint, macho.CpuAmd64, macho.CpuArm64)
	for _, tc := range []struct {
		name, goos, goarch string
		file               []byte
		want               error
		architectures      []string
		helper             string
	}{
		{"32-bit DLL", "windows", "amd64", libraryPE(pe.IMAGE_FILE_MACHINE_I386, true, entryPoint), ErrWrongArchitecture, []string{"386"}, "386"},
		{"64-bit DLL in a 32-bit program", "windows", "386", libraryPE(pe.IMAGE_FILE_MACHINE_AMD64, true, entryPoint), ErrWrongArchitecture, []string{"amd64"}, "amd64"},
		{"64-bit DLL", "windows", "amd64", libraryPE(pe.IMAGE_FILE_MACHINE_AMD64, true, entryPoint), nil, nil, ""},
		{"DLL for Intel on ARM", "windows", "arm64", libraryPE(pe.IMAGE_FILE_MACHINE_AMD64, true, entryPoint), ErrWrongArchitecture, []string{"amd64"}, "amd64"},
		{"DLL for ARM on Intel", "windows", "amd64", libraryPE(pe.IMAGE_FILE_MACHINE_ARM64, true, entryPoint), ErrWrongArchitecture, []string{"arm64"}, ""},
		{"DLL for 32-bit ARM", "windows", "amd64", libraryPE(pe.IMAGE_FILE_MACHINE_ARMNT, true, entryPoint), ErrWrongArchitecture, []string{"machine 0x1c4"}, ""},
		{"program", "windows", "amd64", libraryPE(pe.IMAGE_FILE_MACHINE_AMD64, false, entryPoint), ErrNotModule, nil, ""},
		{"DLL without the entry point", "windows", "amd64", libraryPE(pe.IMAGE_FILE_MACHINE_AMD64, true, "C_GetFunctionListX", "DllMain"), ErrNotModule, nil, ""},
		{"DLL without exports", "windows", "amd64", libraryPE(pe.IMAGE_FILE_MACHINE_AMD64, true), ErrNotModule, nil, ""},

		{"dylib for Intel on Apple silicon", "darwin", "arm64", libraryMachO(macho.CpuAmd64, macho.TypeDylib, "_"+entryPoint), ErrWrongArchitecture, []string{"amd64"}, "amd64"},
		{"dylib for Apple silicon on Intel", "darwin", "amd64", libraryMachO(macho.CpuArm64, macho.TypeDylib, "_"+entryPoint), ErrWrongArchitecture, []string{"arm64"}, ""},
		{"bundle", "darwin", "amd64", libraryMachO(macho.CpuAmd64, macho.TypeBundle, "_"+entryPoint), nil, nil, ""},
		{"universal", "darwin", "arm64", universal, nil, nil, ""},
		{"universal on Linux", "linux", "amd64", universal, ErrWrongArchitecture, []string{"amd64", "arm64"}, ""},
		{"program of macOS", "darwin", "amd64", libraryMachO(macho.CpuAmd64, macho.TypeExec, "_"+entryPoint), ErrNotModule, nil, ""},
		{"dylib without the entry point", "darwin", "amd64", libraryMachO(macho.CpuAmd64, macho.TypeDylib, "_main"), ErrNotModule, nil, ""},

		{"32-bit library", "linux", "amd64", elf386, ErrWrongArchitecture, []string{"386"}, "386"},
		{"32-bit library of Linux on Windows", "windows", "amd64", elf386, ErrWrongArchitecture, []string{"386"}, ""},
		{"x32", "linux", "amd64", libraryELF(elf.EM_X86_64, elf.ELFCLASS32, elf.ET_DYN, entryPoint), ErrWrongArchitecture, []string{"amd64 with 32-bit pointers"}, ""},
		{"32-bit ARM", "linux", "arm64", libraryELF(elf.EM_ARM, elf.ELFCLASS32, elf.ET_DYN, entryPoint), ErrWrongArchitecture, []string{"arm"}, "arm"},
		{"PowerPC", "linux", "amd64", libraryELF(elf.EM_PPC64, elf.ELFCLASS64, elf.ET_DYN, entryPoint), ErrWrongArchitecture, []string{"EM_PPC64"}, ""},
		{"library", "linux", "amd64", libraryELF(elf.EM_X86_64, elf.ELFCLASS64, elf.ET_DYN, entryPoint), nil, nil, ""},
		{"object file", "linux", "amd64", libraryELF(elf.EM_X86_64, elf.ELFCLASS64, elf.ET_REL, entryPoint), ErrNotModule, nil, ""},
		{"library without the entry point", "linux", "amd64", libraryELF(elf.EM_X86_64, elf.ELFCLASS64, elf.ET_DYN, "main"), ErrNotModule, nil, ""},
		{"text", "linux", "amd64", []byte("INPUT ( /usr/lib/libc.so )\n"), ErrNotModule, nil, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			img, err := parseImage(bytes.NewReader(tc.file))
			if err != nil {
				t.Fatal(err)
			}
			err = img.refusal("/m", tc.goos, tc.goarch)
			if !errors.Is(err, tc.want) {
				t.Fatalf("%v, want %v", err, tc.want)
			}
			var e *ArchitectureError
			if errors.As(err, &e) != (tc.want == ErrWrongArchitecture) {
				t.Fatalf("%T", err)
			}
			if e != nil && (!slices.Equal(e.Architectures, tc.architectures) || e.Helper != tc.helper) {
				t.Errorf("%v: for %q with helper %q, want %q and %q", err, e.Architectures, e.Helper, tc.architectures, tc.helper)
			}
		})
	}
}

// A library without a table of sections may be a good one.
func TestStrippedELFGetsTheBenefitOfTheDoubt(t *testing.T) {
	lib := libraryELF(elf.EM_X86_64, elf.ELFCLASS64, elf.ET_DYN)
	lib = lib[:64]
	clear(lib[40:48]) // e_shoff
	clear(lib[58:64]) // size, number and name section of the table
	img, err := parseImage(bytes.NewReader(lib))
	if diff := cmp.Diff(image{"ELF", []string{"amd64"}, true, true}, img, cmp.AllowUnexported(image{})); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

// pack writes values without padding, or panics.
func pack(order binary.ByteOrder, values ...any) []byte {
	var b bytes.Buffer
	for _, v := range values {
		if err := binary.Write(&b, order, v); err != nil {
			panic(err)
		}
	}
	return b.Bytes()
}

// libraryELF writes an ELF file with a dynamic symbol table and nothing else.
func libraryELF(machine elf.Machine, class elf.Class, kind elf.Type, exports ...string) []byte {
	le := binary.LittleEndian
	text := []byte{0}
	var symbols []byte
	wide := class == elf.ELFCLASS64
	if wide {
		symbols = make([]byte, elf.Sym64Size)
	} else {
		symbols = make([]byte, elf.Sym32Size)
	}
	info := elf.ST_INFO(elf.STB_GLOBAL, elf.STT_FUNC)
	for _, name := range exports {
		if wide {
			symbols = append(symbols, pack(le, elf.Sym64{Name: uint32(len(text)), Info: info, Shndx: 1, Value: 16})...)
		} else {
			symbols = append(symbols, pack(le, elf.Sym32{Name: uint32(len(text)), Info: info, Shndx: 1, Value: 16})...)
		}
		text = append(append(text, name...), 0)
	}
	names := []byte("\x00.dynsym\x00.dynstr\x00.shstrtab\x00")
	head := uint64(52)
	if wide {
		head = 64
	}
	at := []uint64{head, head + uint64(len(symbols)), head + uint64(len(symbols)+len(text))}
	table := at[2] + uint64(len(names))
	var sections []byte
	for i, s := range []struct {
		name, link, entry uint32
		kind              elf.SectionType
		at, size          uint64
	}{
		{},
		{1, 2, uint32(len(symbols) / (1 + len(exports))), elf.SHT_DYNSYM, at[0], uint64(len(symbols))},
		{9, 0, 0, elf.SHT_STRTAB, at[1], uint64(len(text))},
		{17, 0, 0, elf.SHT_STRTAB, at[2], uint64(len(names))},
	} {
		info := uint32(min(i, 1))
		if wide {
			sections = append(sections, pack(le, elf.Section64{
				Name: s.name, Type: uint32(s.kind), Link: s.link, Off: s.at, Size: s.size, Entsize: uint64(s.entry), Info: info,
			})...)
		} else {
			sections = append(sections, pack(le, elf.Section32{
				Name: s.name, Type: uint32(s.kind), Link: s.link, Off: uint32(s.at), Size: uint32(s.size), Entsize: s.entry, Info: info,
			})...)
		}
	}
	ident := [elf.EI_NIDENT]byte{0x7f, 'E', 'L', 'F', byte(class), byte(elf.ELFDATA2LSB), byte(elf.EV_CURRENT)}
	var header []byte
	if wide {
		header = pack(le, elf.Header64{
			Ident: ident, Type: uint16(kind), Machine: uint16(machine), Version: 1, Shoff: table, Ehsize: 64, Shentsize: 64, Shnum: 4, Shstrndx: 3,
		})
	} else {
		header = pack(le, elf.Header32{
			Ident: ident, Type: uint16(kind), Machine: uint16(machine), Version: 1, Shoff: uint32(table), Ehsize: 52, Shentsize: 40, Shnum: 4, Shstrndx: 3,
		})
	}
	return slices.Concat(header, symbols, text, names, sections)
}

// libraryMachO writes a 64-bit Mach-O file with a symbol table and nothing else.
func libraryMachO(cpu macho.Cpu, kind macho.Type, export string) []byte {
	le := binary.LittleEndian
	const head, command = 32, 24
	text := append([]byte{0}, export+"\x00"...)
	symbol := pack(le, macho.Nlist64{Name: 1, Type: 0x0f, Sect: 1, Value: 16}) // N_SECT | N_EXT
	return slices.Concat(
		pack(le, macho.FileHeader{Magic: macho.Magic64, Cpu: cpu, Type: kind, Ncmd: 1, Cmdsz: command}, uint32(0)),
		pack(le, macho.SymtabCmd{
			Cmd: macho.LoadCmdSymtab, Len: command, Symoff: head + command, Nsyms: 1,
			Stroff: uint32(head + command + len(symbol)), Strsize: uint32(len(text)),
		}),
		symbol, text)
}

// libraryFat writes a universal file.
func libraryFat(kind macho.Type, export string, cpus ...macho.Cpu) []byte {
	const page = 4096
	out := pack(binary.BigEndian, uint32(macho.MagicFat), uint32(len(cpus)))
	var slices [][]byte
	for i, cpu := range cpus {
		lib := libraryMachO(cpu, kind, export)
		slices = append(slices, lib)
		out = append(out, pack(binary.BigEndian, macho.FatArchHeader{Cpu: cpu, Offset: uint32((i + 1) * page), Size: uint32(len(lib)), Align: 12})...)
	}
	for i, lib := range slices {
		out = append(out, make([]byte, (i+1)*page-len(out))...)
		out = append(out, lib...)
	}
	return out
}

// libraryPE writes a Windows file with one section that holds the export
// directory and the names.
func libraryPE(machine uint16, dll bool, exports ...string) []byte {
	const address, fileOffset = 0x1000, 0x400
	directory := make([]byte, 40)
	names := make([]byte, 4*len(exports))
	binary.LittleEndian.PutUint32(directory[24:], uint32(len(exports)))
	binary.LittleEndian.PutUint32(directory[32:], address+40)
	var texts []byte
	for i, name := range exports {
		binary.LittleEndian.PutUint32(names[4*i:], uint32(address+len(directory)+len(names)+len(texts)))
		texts = append(append(texts, name...), 0)
	}
	section := slices.Concat(directory, names, texts)

	dos := make([]byte, 0x80)
	copy(dos, "MZ")
	dos[0x3c] = 0x80
	place := pe.DataDirectory{VirtualAddress: address, Size: uint32(len(section))}
	var optional any
	if machine == pe.IMAGE_FILE_MACHINE_I386 {
		o := pe.OptionalHeader32{Magic: 0x10b, NumberOfRvaAndSizes: 16}
		o.DataDirectory[pe.IMAGE_DIRECTORY_ENTRY_EXPORT] = place
		optional = o
	} else {
		o := pe.OptionalHeader64{Magic: 0x20b, NumberOfRvaAndSizes: 16}
		o.DataDirectory[pe.IMAGE_DIRECTORY_ENTRY_EXPORT] = place
		optional = o
	}
	file := pe.FileHeader{Machine: machine, NumberOfSections: 1, SizeOfOptionalHeader: uint16(binary.Size(optional))}
	if dll {
		file.Characteristics = pe.IMAGE_FILE_DLL
	}
	out := append(dos, "PE\x00\x00"...)
	out = append(out, pack(binary.LittleEndian, file, optional, pe.SectionHeader32{
		Name: [8]uint8{'.', 'e', 'd', 'a', 't', 'a'}, VirtualSize: uint32(len(section)), VirtualAddress: address,
		SizeOfRawData: uint32(len(section)), PointerToRawData: fileOffset,
	})...)
	return slices.Concat(out, make([]byte, fileOffset-len(out)), section)
}

func FuzzParseImage(f *testing.F) {
	f.Add(libraryPE(pe.IMAGE_FILE_MACHINE_I386, true, entryPoint))
	f.Add(libraryPE(pe.IMAGE_FILE_MACHINE_AMD64, true, entryPoint))
	f.Add(libraryELF(elf.EM_X86_64, elf.ELFCLASS64, elf.ET_DYN, entryPoint))
	f.Add(libraryELF(elf.EM_386, elf.ELFCLASS32, elf.ET_DYN, entryPoint))
	f.Add(libraryMachO(macho.CpuArm64, macho.TypeDylib, "_"+entryPoint))
	f.Add(libraryFat(macho.TypeDylib, "_"+entryPoint, macho.CpuAmd64))
	f.Add([]byte("\x7fELF"))
	f.Add([]byte{0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) > 1<<16 {
			return
		}
		img, err := parseImage(bytes.NewReader(b))
		switch {
		case err != nil && img.format != "":
			t.Errorf("both %v and %v", img, err)
		case img.format != "" && len(img.architectures) == 0:
			t.Errorf("%s without architecture", img.format)
		}
	})
}
