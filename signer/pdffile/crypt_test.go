package pdffile

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"antin/signer/pdffile/shapes"
	"antin/signer/practice/machine"

	"github.com/google/go-cmp/cmp"
)

const (
	ownerWord  = "van thu"
	titleText  = "Quyết định số 121/QĐ-UBND"
	metadata   = "<?xpacket begin?><x:xmpmeta xmlns:x='adobe:ns:meta/'/>"
	longLength = 70_000 // many cipher blocks, no whole number of them less one
)

// method is one way to encrypt, in the words of qpdf.
type method struct {
	name string
	bits string
	args []string
}

var methods = []method{
	{"RC4-40", "40", nil},
	{"RC4-128", "128", []string{"--use-aes=n"}},
	{"RC4-128", "128", []string{"--use-aes=n", "--force-V4"}},
	{"AES-128", "128", []string{"--use-aes=y"}},
	{"AES-256 R5", "256", []string{"--force-R5"}},
	{"AES-256 R6", "256", nil},
}

func (m method) String() string { return strings.Join(append([]string{m.name}, m.args...), " ") }

// letter is a page with everything that encryption treats in its own way.
func letter() []byte {
	d := shapes.NewDocument("1.7", 2)
	sig := d.Add("<</Type/Sig/Filter/Adobe.PPKLite/Contents<3003020101>/Reason%s/ByteRange[0 1 2 3]>>", shapes.TextString("Ký nháy"))
	note := d.Add("<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/Contents%s>>", shapes.TextString("Ý kiến"))
	d.Pages[0].Keys = fmt.Sprintf("/Annots[%v]/PieceInfo<</Test<</Private %v/List[(a)[(b)<63>()]]>>>>", note, sig)
	d.Catalog = fmt.Sprintf("/Metadata %v", d.AddStream([]byte(metadata), "/Type/Metadata/Subtype/XML"))
	d.Trailer = fmt.Sprintf("/Info %v", d.Add("<</Title%s>>", shapes.TextString(titleText)))
	return d.Finish().Table()
}

// qpdf runs qpdf from one file to another. What it prints goes to the failure.
func qpdf(t testing.TB, data []byte, args ...string) []byte {
	t.Helper()
	machine.Program(t, "qpdf", "qpdf")
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in.pdf"), filepath.Join(dir, "out.pdf")
	if err := os.WriteFile(in, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if printed, err := exec.Command("qpdf", append(slices.Clone(args), in, out)...).CombinedOutput(); err != nil {
		t.Fatalf("qpdf %q: %v\n%s", args, err, printed)
	}
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// encryptWith encrypts with qpdf; more are options of its
// --encrypt and, after "--", of qpdf itself.
func encryptWith(t testing.TB, data []byte, m method, user, owner string, more ...string) []byte {
	t.Helper()
	if !slices.Contains(more, "--") {
		more = append(more, "--")
	}
	return qpdf(t, data, slices.Concat([]string{
		"--allow-weak-crypto", "--stream-data=preserve", "--encrypt", user, owner, m.bits,
	}, m.args, more)...)
}

func read(t testing.TB, data []byte, password string) *File {
	t.Helper()
	f, err := Read(bytes.NewReader(data), int64(len(data)), Options{Password: password})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// said collects what a document says, in clear.
func said(t testing.TB, f *File) map[string]string {
	t.Helper()
	out := map[string]string{}
	stream := func(name string, o Object) {
		v, err := f.Resolve(o)
		s, ok := v.(*Stream)
		if err != nil || !ok {
			t.Fatalf("%s is no stream: %T, %v", name, v, err)
		}
		data, err := f.Decode(s)
		if err != nil {
			t.Fatal(err)
		}
		out[name] = string(data)
	}
	cat, _ := f.Catalog()
	page := f.Dict(f.Array(f.Dict(cat["Pages"])["Kids"])[0])
	private := f.Dict(f.Dict(page["PieceInfo"])["Test"])
	sig := f.Dict(private["Private"])
	out["title"] = f.Text(f.Dict(f.Trailer()["Info"])["Title"])
	out["note"] = f.Text(f.Dict(f.Array(page["Annots"])[0])["Contents"])
	out["reason"] = f.Text(sig["Reason"])
	out["list"] = fmt.Sprintf("%s", private["List"])
	contents, _ := sig["Contents"].(String)
	out["contents"] = hex.EncodeToString(contents)
	stream("page", page["Contents"])
	stream("metadata", cat["Metadata"])
	return out
}

func TestEncryptedDocumentReadsLikeTheOriginal(t *testing.T) {
	want := said(t, read(t, letter(), ""))
	if want["title"] != titleText || want["note"] != "Ý kiến" || want["contents"] != "3003020101" {
		t.Fatalf("the original says %v", want)
	}
	for _, m := range methods {
		for _, c := range []struct{ name, user, password string }{
			{"empty user password", "", ""},
			{"password given for nothing", "", "khong can"},
			{"user password", "mat khau", "mat khau"},
			{"owner password", "mat khau", ownerWord},
		} {
			t.Run(m.String()+"/"+c.name, func(t *testing.T) {
				t.Parallel()
				f := read(t, encryptWith(t, letter(), m, c.user, ownerWord), c.password)
				if err := f.Check(); err != nil {
					t.Error(err)
				}
				if got := f.Encrypted(); got != m.name {
					t.Errorf("encrypted with %q, want %q", got, m.name)
				}
				if diff := cmp.Diff(want, said(t, f)); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

func TestPasswordSpellings(t *testing.T) {
	aes128, aes256 := methods[3], methods[5]
	for _, c := range []struct {
		name           string
		m              method
		locked, opened string
	}{
		{"Vietnamese, AES-256 R5", methods[4], "mật khẩu", "mật khẩu"},
		{"Vietnamese, AES-256 R6", aes256, "mật khẩu", "mật khẩu"},
		{"typed with combining marks", aes256, "mật khẩu", "ma\u0323\u0302t kha\u0302\u0309u"},
		{"typed with combining marks, AES-128", aes128, "mật khẩu", "ma\u0323\u0302t kha\u0302\u0309u"},
		{"locked with combining marks", methods[1], "ma\u0323\u0302t kha\u0302\u0309u", "ma\u0323\u0302t kha\u0302\u0309u"},
		{"soft hyphen", aes256, "mật khẩu", "mật khẩu\u00ad"},
		{"no-break space", aes256, "mật khẩu", "mật\u00a0khẩu"},
		{"signs", aes256, "a@b €½ 木", "a@b €½ 木"},
		{"longer than 127 bytes", aes256, strings.Repeat("ật", 31) + "ậ", strings.Repeat("ật", 40)},
		{"PDFDocEncoding", aes128, "Đông", "Đông"},
		{"in PDFDocEncoding, AES-128", aes128, "café €", "café €"},
		{"in PDFDocEncoding, RC4-40", methods[0], "œuvre ™", "œuvre ™"},
		{"Vietnamese, AES-128", aes128, "mật khẩu", "mật khẩu"},
		{"longer than 32 bytes", aes128, strings.Repeat("x", 40), strings.Repeat("x", 40)},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := read(t, encryptWith(t, letter(), c.m, c.locked, ownerWord), c.opened)
			if got := said(t, f)["title"]; got != titleText {
				t.Errorf("title %q", got)
			}
		})
	}
}

func TestWrongPassword(t *testing.T) {
	for _, m := range methods {
		t.Run(m.String(), func(t *testing.T) {
			t.Parallel()
			data := encryptWith(t, letter(), m, "mat khau", ownerWord)
			for _, password := range []string{"", "sai", "mat khau ", "MAT KHAU"} {
				_, err := Read(bytes.NewReader(data), int64(len(data)), Options{Password: password})
				if !errors.Is(err, ErrPassword) {
					t.Errorf("password %q: %v, want ErrPassword", password, err)
				}
			}
		})
	}
}

// TestUpdateIsEncrypted adds and changes objects of every kind and lets qpdf
// decrypt the result.
func TestUpdateIsEncrypted(t *testing.T) {
	for _, m := range methods {
		for _, c := range []struct {
			name, user, password string
			more                 []string
		}{
			{"user", "", "", nil},
			{"owner", "mat khau", ownerWord, nil},
			{"object streams", "mat khau", "mat khau", []string{"--object-streams=generate"}},
			{"linearised", "mat khau", "mat khau", []string{"--linearize"}},
		} {
			t.Run(m.String()+"/"+c.name, func(t *testing.T) {
				t.Parallel()
				data := encryptWith(t, letter(), m, c.user, ownerWord, append([]string{"--"}, c.more...)...)
				f := read(t, data, c.password)
				if f.Encrypted() != m.name {
					t.Fatalf("qpdf made %q of it", f.Encrypted())
				}
				whole := extend(t, f)
				for _, password := range []string{c.user, ownerWord} {
					checkExtended(t, read(t, whole, password))
				}
				dir := t.TempDir()
				path := filepath.Join(dir, "f.pdf")
				if err := os.WriteFile(path, whole, 0o600); err != nil {
					t.Fatal(err)
				}
				if printed, err := exec.Command("qpdf", "--check", "--password="+c.user, path).CombinedOutput(); err != nil {
					t.Errorf("qpdf --check: %v\n%s", err, printed)
				}
				checkExtended(t, read(t, qpdf(t, whole, "--password="+c.user, "--decrypt", "--stream-data=preserve"), ""))
			})
		}
	}
}

var longData = bytes.Repeat([]byte("0123456789abcde"), longLength/15)

// extend renders an update of a letter: a new title, objects with strings,
// streams and a gap for a signature.
func extend(t testing.TB, f *File) []byte {
	t.Helper()
	u := f.NewUpdate()
	info := f.Dict(f.Trailer()["Info"]).Clone()
	info["Subject"] = TextString("Về việc ký số")
	infoRef, ok := f.Trailer()["Info"].(Ref)
	if !ok {
		t.Fatal("/Info is not indirect")
	}
	u.Set(infoRef, info)

	cat, root := f.Catalog()
	cat = cat.Clone()
	sigRef := u.Add(Dict{"Type": Name("Sig"), "Reason": TextString("Duyệt"), "Contents": ContentsSlot{Bytes: 8}, "ByteRange": ByteRangeSlot{}})
	// The page's stream moves to another object and gets another key.
	page := f.Dict(f.Array(f.Dict(cat["Pages"])["Kids"])[0])
	old, err := f.Resolve(page["Contents"])
	if err != nil {
		t.Fatal(err)
	}
	added := Dict{
		"Sig":   sigRef,
		"Text":  Array{TextString("Phó"), Dict{"K": String("")}, TextString("Chủ tịch")},
		"Long":  u.Add(&Stream{Dict: Dict{"Filter": Name("FlateDecode"), "S": String("khóa")}, Data: Deflate(longData)}),
		"Empty": u.Add(&Stream{Dict: Dict{}, Data: []byte{}}),
		"Moved": u.Add(old),
		"Clear": u.Add(&Stream{
			Dict: Dict{"Filter": Array{Name("Crypt")}, "DecodeParms": Array{Dict{"Name": Name("Identity")}}},
			Data: []byte("in clear"),
		}),
	}
	before := fmt.Sprintf("%q", added["Text"])
	cat["Added"] = u.Add(added)
	u.Set(root, cat)
	first, err := u.Render()
	if err != nil {
		t.Fatal(err)
	}
	tail, err := u.Render()
	if err != nil {
		t.Fatal(err)
	}
	if after := fmt.Sprintf("%q", added["Text"]); after != before {
		t.Errorf("rendering changed %s into %s", before, after)
	}
	if len(first.Data) != len(tail.Data) {
		t.Errorf("rendering again gives %d bytes, then %d", len(first.Data), len(tail.Data))
	}
	if gap := tail.Data[tail.ContentsFrom-tail.Start : tail.ContentsTo-tail.Start]; string(gap) != "<0000000000000000>" {
		t.Errorf("the gap holds %q", gap)
	}
	if filters := f.crypt.named != nil; bytes.Contains(tail.Data, []byte("in clear")) != filters {
		t.Errorf("a stream with the identity filter is in clear: %v, want %v", !filters, filters)
	}
	for _, secret := range [][]byte{TextString("Duyệt"), TextString("Phó"), TextString("Về việc ký số"), String("khóa")} {
		if bytes.Contains(tail.Data, []byte(hex.EncodeToString(secret))) {
			t.Errorf("string %x was written in clear", secret)
		}
	}
	whole := make([]byte, f.Size(), tail.Size())
	if _, err := f.Source().ReadAt(whole, 0); err != nil {
		t.Fatal(err)
	}
	return append(whole, tail.Data...)
}

func checkExtended(t testing.TB, f *File) {
	t.Helper()
	want := said(t, read(t, letter(), ""))
	if diff := cmp.Diff(want, said(t, f)); diff != "" {
		t.Errorf("what was there before: %s", diff)
	}
	cat, _ := f.Catalog()
	added := f.Dict(cat["Added"])
	streamData := func(key Name) string {
		v, err := f.Resolve(added[key])
		s, ok := v.(*Stream)
		if err != nil || !ok {
			t.Fatalf("%s is no stream: %T, %v", key, v, err)
		}
		data, err := f.Decode(s)
		if err != nil {
			t.Errorf("%s: %v", key, err)
		}
		return string(data)
	}
	sig := f.Dict(added["Sig"])
	text := f.Array(added["Text"])
	got := map[string]any{
		"subject":  f.Text(f.Dict(f.Trailer()["Info"])["Subject"]),
		"reason":   f.Text(sig["Reason"]),
		"contents": sig["Contents"],
		"text":     f.Text(text[0]) + "|" + f.Text(f.Dict(text[1])["K"]) + "|" + f.Text(text[2]),
		"long":     streamData("Long") == string(longData),
		"string":   string(f.Dict(added["Long"])["S"].(String)),
		"empty":    streamData("Empty"),
		"moved":    streamData("Moved"),
		"clear":    streamData("Clear"),
	}
	if diff := cmp.Diff(map[string]any{
		"subject": "Về việc ký số", "reason": "Duyệt", "contents": String(make([]byte, 8)), "text": "Phó||Chủ tịch",
		"long": true, "string": "khóa", "empty": "", "moved": want["page"], "clear": "in clear",
	}, got); diff != "" {
		t.Error(diff)
	}
}

func TestInitialisationVectorsAreFresh(t *testing.T) {
	f := read(t, encryptWith(t, letter(), methods[5], "", ownerWord), "")
	u := f.NewUpdate()
	same := TextString("Quyết định")
	u.Add(Array{same, same})
	seen := map[string]bool{}
	for range 2 {
		tail, err := u.Render()
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range bytes.Split(tail.Data, []byte("<"))[1:3] {
			seen[string(s[:64])] = true
		}
	}
	if len(seen) != 4 {
		t.Errorf("%d different ciphertexts of one string written four times", len(seen))
	}
}

func TestClearMetadata(t *testing.T) {
	for _, m := range []method{methods[2], methods[3], methods[4], methods[5]} {
		t.Run(m.String(), func(t *testing.T) {
			t.Parallel()
			data := encryptWith(t, letter(), m, "", ownerWord, "--cleartext-metadata")
			if !bytes.Contains(data, []byte(metadata)) {
				t.Fatal("qpdf encrypted the metadata")
			}
			f := read(t, data, "")
			if got := said(t, f)["metadata"]; got != metadata {
				t.Errorf("read as %q", got)
			}
			u := f.NewUpdate()
			cat, _ := f.Catalog()
			u.Set(cat["Metadata"].(Ref), &Stream{Dict: Dict{"Type": Name("Metadata"), "Subtype": Name("XML")}, Data: []byte(metadata + " ")})
			tail, err := u.Render()
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Contains(tail.Data, []byte(metadata)) {
				t.Error("the new metadata was encrypted")
			}
			decrypted := read(t, qpdf(t, append(data, tail.Data...), "--decrypt"), "")
			if got := said(t, decrypted)["metadata"]; got != metadata+" " {
				t.Errorf("qpdf reads %q", got)
			}
		})
	}
}

func TestPermissions(t *testing.T) {
	rc40, aes128, aes256 := methods[0], methods[3], methods[5]
	for _, c := range []struct {
		m               method
		args            []string
		fill, newFields bool
	}{
		{rc40, nil, true, true},
		{rc40, []string{"--annotate=n"}, false, false},
		{rc40, []string{"--modify=n"}, true, false},
		{aes128, []string{"--modify=all"}, true, true},
		{aes128, []string{"--modify=annotate"}, true, false},
		{aes128, []string{"--modify=form"}, true, false},
		{aes128, []string{"--modify=assembly"}, false, false},
		{aes128, []string{"--modify=none"}, false, false},
		{aes256, []string{"--modify=all"}, true, true},
		{aes256, []string{"--annotate=n"}, true, false},
		{aes256, []string{"--modify-other=n"}, true, false},
		{aes256, []string{"--form=n"}, true, true}, // bit 6 allows filling by itself
		{aes256, []string{"--form=n", "--annotate=n"}, false, false},
		{aes256, []string{"--modify=none"}, false, false},
	} {
		t.Run(c.m.String()+strings.Join(c.args, ""), func(t *testing.T) {
			t.Parallel()
			data := encryptWith(t, letter(), c.m, "", ownerWord, c.args...)
			f := read(t, data, "")
			if fill, newFields := f.Permits(PermitFill), f.Permits(PermitNewFields); fill != c.fill || newFields != c.newFields {
				t.Errorf("fill %v, new fields %v; want %v, %v", fill, newFields, c.fill, c.newFields)
			}
			if f := read(t, data, ownerWord); !f.Permits(PermitFill) || !f.Permits(PermitNewFields) {
				t.Error("forbidden to the owner")
			}
		})
	}
	if f := read(t, letter(), ""); !f.Permits(PermitFill) || !f.Permits(PermitNewFields) || f.Encrypted() != "" {
		t.Error("something is forbidden in a document without encryption")
	}
}

func TestSamePasswordForBothHasTheUsersRights(t *testing.T) {
	for _, m := range []method{methods[0], methods[3], methods[5]} {
		data := encryptWith(t, letter(), m, "mat khau", "mat khau", map[bool]string{true: "--annotate=n", false: "--modify=none"}[m.bits == "40"])
		if f := read(t, data, "mat khau"); f.Permits(PermitFill) {
			t.Errorf("%v: everything is allowed", m)
		}
	}
}

func TestEarlierRevisionOpensToo(t *testing.T) {
	f := read(t, encryptWith(t, letter(), methods[5], "mat khau", ownerWord), "mat khau")
	whole := extend(t, f)
	old, err := read(t, whole, "mat khau").At(f.Size())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(said(t, f), said(t, old)); diff != "" {
		t.Error(diff)
	}
}

func TestEncryptedShapes(t *testing.T) {
	for _, s := range shapes.All() {
		if s.Encryption == "" {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			f := read(t, s.Data(t), s.Password)
			if f.Encrypted() != s.Encryption {
				t.Errorf("encrypted with %q, want %q", f.Encrypted(), s.Encryption)
			}
			if got := f.Text(f.Dict(f.Trailer()["Info"])["Title"]); got != "Quyết định" {
				t.Errorf("title %q", got)
			}
			if allowed := f.Permits(PermitNewFields); allowed != (s.Expect == shapes.Signs) {
				t.Errorf("new fields %v, want the shape to be %v", allowed, s.Expect)
			}
		})
	}
}

func BenchmarkKey(b *testing.B) {
	for _, m := range methods {
		b.Run(m.String(), func(b *testing.B) {
			data := encryptWith(b, letter(), m, "mat khau", ownerWord)
			for _, password := range []string{"mat khau", ownerWord} {
				b.Run(password, func(b *testing.B) {
					for b.Loop() {
						read(b, data, password)
					}
				})
			}
		})
	}
}
