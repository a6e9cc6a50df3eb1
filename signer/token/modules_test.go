package token

import (
	"bytes"
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

func TestModules(t *testing.T) {
	o := desks(t)
	found := Modules()
	if !slices.ContainsFunc(found, func(m Module) bool { return m.Path == o.module && m.Name == "SoftHSM 2" }) {
		t.Errorf("SoftHSM is not among %v", found)
	}
	link := filepath.Join(t.TempDir(), "link.so")
	if err := os.Symlink(o.module, link); err != nil {
		t.Fatal(err)
	}
	missing := "/nonexistent/token.so"
	with := ModulesWith(missing, link)
	if diff := cmp.Diff([]Module{{missing, "token.so"}, {link, "link.so"}}, with[:2]); diff != "" {
		t.Errorf("the user's modules come first (-want +got):\n%s", diff)
	}
	if len(with) != len(found)+1 {
		t.Errorf("%v: SoftHSM must not be there under two names", with)
	}
}

func TestExpand(t *testing.T) {
	t.Setenv("SystemRoot", "/windows")
	t.Setenv("Relative", "here")
	for _, tc := range []struct {
		pattern, want string
		ok            bool
	}{
		{"/usr/lib/*/x.so", "/usr/lib/*/x.so", true},
		{"%SystemRoot%/System32/x.dll", "/windows/System32/x.dll", true},
		{"%Unheard_Of%/x.dll", "/x.dll", false},
		{"%Relative%/x.dll", "here/x.dll", false},
	} {
		if got, ok := expand(tc.pattern); got != tc.want || ok != tc.ok {
			t.Errorf("expand(%q) = %q, %v; want %q, %v", tc.pattern, got, ok, tc.want, tc.ok)
		}
	}
}

func TestInspect(t *testing.T) {
	o := desks(t)
	lib, err := os.ReadFile(o.module)
	if err != nil {
		t.Fatal(err)
	}
	patched := func(at int, b ...byte) []byte {
		out := bytes.Clone(lib)
		copy(out[at:], b)
		return out
	}
	for _, tc := range []struct {
		name string
		file []byte
		want error
	}{
		{"a module", lib, nil},
		{"for 32-bit processors", patched(18, 3, 0), ErrWrongArchitecture}, // e_machine = EM_386
		{"for Windows", library386("C_Finalize", "C_GetFunctionList"), ErrWrongArchitecture},
		{"cut", lib[:100], ErrNotModule},
		{"empty", nil, ErrNotModule},
		{"entry point under another name", bytes.ReplaceAll(lib, []byte("C_GetFunctionList\x00"), []byte("X_GetFunctionList\x00")), ErrNotModule},
	} {
		t.Run(tc.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "m.so")
			if err := os.WriteFile(path, tc.file, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := Inspect(path); !errors.Is(err, tc.want) {
				t.Errorf("Inspect = %v, want %v (on %s)", err, tc.want, runtime.GOARCH)
			}
		})
	}
}

func TestImagePE(t *testing.T) {
	for _, tc := range []struct {
		name    string
		exports []string
		want    bool
	}{
		{"module", []string{"C_Finalize", "C_GetFunctionList", "DllMain"}, true},
		{"other library", []string{"C_GetFunctionListX", "DllMain"}, false},
		{"no exports", nil, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			want := image{"PE", []string{"386"}, tc.want}
			if diff := cmp.Diff(want, parseImage(bytes.NewReader(library386(tc.exports...))), cmp.AllowUnexported(image{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// library386 writes the header of a 32-bit Windows library with one section
// that holds the export directory and the names.
func library386(exports ...string) []byte {
	const address, fileOffset = 0x1000, 0x200
	var section []byte
	directory := make([]byte, 40)
	names := make([]byte, 4*len(exports))
	binary.LittleEndian.PutUint32(directory[24:], uint32(len(exports)))
	binary.LittleEndian.PutUint32(directory[32:], address+40)
	var texts []byte
	for i, name := range exports {
		binary.LittleEndian.PutUint32(names[4*i:], uint32(address+len(directory)+len(names)+len(texts)))
		texts = append(append(texts, name...), 0)
	}
	section = slices.Concat(directory, names, texts)

	var b bytes.Buffer
	dos := make([]byte, 0x80)
	copy(dos, "MZ")
	dos[0x3c] = 0x80
	b.Write(dos)
	b.WriteString("PE\x00\x00")
	optional := pe.OptionalHeader32{Magic: 0x10b, NumberOfRvaAndSizes: 16}
	optional.DataDirectory[pe.IMAGE_DIRECTORY_ENTRY_EXPORT] = pe.DataDirectory{VirtualAddress: address, Size: uint32(len(section))}
	for _, part := range []any{
		pe.FileHeader{Machine: pe.IMAGE_FILE_MACHINE_I386, NumberOfSections: 1, SizeOfOptionalHeader: uint16(binary.Size(optional))},
		optional,
		pe.SectionHeader32{
			Name: [8]uint8{'.', 'e', 'd', 'a', 't', 'a'}, VirtualSize: uint32(len(section)), VirtualAddress: address,
			SizeOfRawData: uint32(len(section)), PointerToRawData: fileOffset,
		},
	} {
		if err := binary.Write(&b, binary.LittleEndian, part); err != nil {
			panic(err)
		}
	}
	b.Write(make([]byte, fileOffset-b.Len()))
	b.Write(section)
	return b.Bytes()
}

func FuzzParseImage(f *testing.F) {
	f.Add(library386("C_GetFunctionList"))
	f.Add([]byte("\x7fELF"))
	f.Add([]byte{0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 1})
	f.Fuzz(func(t *testing.T, b []byte) {
		img := parseImage(bytes.NewReader(b))
		if img.format != "" && len(img.architectures) == 0 {
			t.Errorf("%s without architecture", img.format)
		}
	})
}
