package pdffile

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"antin/signer/pdffile/shapes"
	"github.com/google/go-cmp/cmp"
)

// relocked is a document in clear that has the encryption dictionary and /ID of
// an encrypted one, changed by edit, in its trailer or (indirect) as an object.
// What it holds is in clear, so only crypt filters that leave it so fit.
func relocked(t testing.TB, m method, indirect bool, edit func(Dict), more ...string) []byte {
	t.Helper()
	f := read(t, encryptWith(t, letter(), m, "", ownerWord, more...), "")
	d := f.Dict(f.Trailer()["Encrypt"]).Clone()
	edit(d)
	w := &writer{}
	if err := w.object(d); err != nil {
		t.Fatal(err)
	}
	doc := shapes.NewDocument("1.7", 1)
	doc.Trailer = "/Encrypt" + w.String()
	if indirect {
		doc.Trailer = "/Encrypt " + doc.Add("%s", w.String()).String()
	}
	doc.Trailer += fmt.Sprintf("/Info %v", doc.Add("<</Title%s>>", shapes.TextString(titleText)))
	id := f.Array(f.Trailer()["ID"])[0].(String)
	doc.ID = fmt.Sprintf("[<%[1]x><%[1]x>]", []byte(id))
	return doc.Finish().Table()
}

func TestCryptFilters(t *testing.T) {
	aes128, aes256 := methods[3], methods[5]
	filters := func(keys Dict) func(Dict) {
		return func(d Dict) { maps.Copy(d, keys) }
	}
	mixed := Dict{
		"StdCF": Dict{"CFM": Name("AESV2"), "Length": 16, "AuthEvent": Name("DocOpen")},
		"Other": Dict{"CFM": Name("V2"), "Length": 16, "AuthEvent": Name("DocOpen")},
	}
	type kept struct{ text, stream, file, named bool } // written in clear
	for _, c := range []struct {
		name  string
		m     method
		edit  func(Dict)
		named Name // crypt filter of the stream that names one
		clear kept
	}{
		{"strings in clear", aes128, filters(Dict{"StrF": Name("Identity")}), "Identity", kept{text: true, named: true}},
		{"no StrF", aes256, filters(Dict{"StrF": nil}), "StdCF", kept{text: true}},
		{"streams in clear", aes128, filters(Dict{"StmF": Name("Identity")}), "StdCF", kept{stream: true, file: true}},
		{
			"only attachments", aes256, filters(Dict{"StmF": Name("Identity"), "StrF": Name("Identity"), "EFF": Name("StdCF")}),
			"StdCF",
			kept{text: true, stream: true},
		},
		{"all but attachments", aes256, filters(Dict{"EFF": Name("Identity")}), "", kept{file: true, named: true}},
		{"two methods", aes128, filters(Dict{"CF": mixed, "StrF": Name("Other")}), "Other", kept{}},
		{"two methods exchanged", aes128, filters(Dict{"CF": mixed, "StmF": Name("Other")}), "StdCF", kept{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			data := relocked(t, c.m, true, c.edit)
			f := read(t, data, "")
			apart := f.crypt.embedded != f.crypt.streams
			u := f.NewUpdate()
			parms := Dict{"Type": Name("CryptFilterDecodeParms")}
			if c.named != "" {
				parms["Name"] = c.named
			}
			text := String("string of the update")
			cat, root := f.Catalog()
			cat = cat.Clone()
			cat["Added"] = u.Add(Dict{
				"Text":   text,
				"File":   u.Add(&Stream{Dict: Dict{"Type": Name("EmbeddedFile")}, Data: []byte("file of the update")}),
				"Stream": u.Add(&Stream{Dict: Dict{}, Data: []byte("stream of the update")}),
				"Named":  u.Add(&Stream{Dict: Dict{"Filter": Name("Crypt"), "DecodeParms": parms}, Data: []byte("named of the update")}),
			})
			u.Set(root, cat)
			tail, err := u.Render()
			if err != nil {
				t.Fatal(err)
			}
			has := func(b []byte) bool { return bytes.Contains(tail.Data, b) }
			inClear := kept{
				text: has([]byte(hex.EncodeToString(text))), stream: has([]byte("stream of")),
				file: has([]byte("file of")), named: has([]byte("named of")),
			}
			if inClear != c.clear {
				t.Errorf("in clear %+v, want %+v", inClear, c.clear)
			}
			whole := append(data, tail.Data...)
			for name, f := range map[string]*File{
				"own": read(t, whole, ""), "qpdf's": read(t, qpdf(t, whole, "--decrypt", "--stream-data=preserve"), ""),
			} {
				cat, _ := f.Catalog()
				added := f.Dict(cat["Added"])
				if got := f.Text(added["Text"]); got != string(text) {
					t.Errorf("%s reading: string %q", name, got)
				}
				for _, key := range []string{"Stream", "File", "Named"} {
					if name == "qpdf's" && key == "File" && apart {
						continue // qpdf 11 knows no /EFF
					}
					v, _ := f.Resolve(added[Name(key)])
					got, err := f.Decode(v.(*Stream))
					if want := strings.ToLower(key) + " of the update"; err != nil || string(got) != want {
						t.Errorf("%s reading: stream %q, %v; want %q", name, got, err, want)
					}
				}
			}
		})
	}
}

func TestEncryptionDictionaryStaysInClear(t *testing.T) {
	for _, indirect := range []bool{false, true} {
		t.Run(fmt.Sprintf("indirect %v", indirect), func(t *testing.T) {
			var want Dict
			data := relocked(t, methods[3], indirect, func(d Dict) {
				d["StmF"] = Name("Identity") // the document's streams are in clear
				want = d
			})
			f := read(t, data, "")
			if diff := cmp.Diff(want, f.Dict(f.Trailer()["Encrypt"])); diff != "" {
				t.Error(diff)
			}
			u := f.NewUpdate()
			u.Set(f.Trailer()["Info"].(Ref), Dict{"Title": TextString("Tờ trình")})
			if ref, ok := f.Trailer()["Encrypt"].(Ref); ok {
				u.Set(ref, f.Dict(ref))
			}
			tail, err := u.Render()
			if err != nil {
				t.Fatal(err)
			}
			f = read(t, append(data, tail.Data...), "")
			if diff := cmp.Diff(want, f.Dict(f.Trailer()["Encrypt"])); diff != "" {
				t.Error(diff)
			}
			if got := f.Text(f.Dict(f.Trailer()["Info"])["Title"]); got != "Tờ trình" {
				t.Errorf("title %q", got)
			}
		})
	}
}

// What a cross-reference stream holds is never encrypted (7.5.8.2), also when it
// is read like any object.
func TestCrossReferenceStreamIsInClear(t *testing.T) {
	data := qpdf(t, encryptWith(t, letter(), methods[5], "", ownerWord), "--object-streams=generate")
	f := read(t, data, "")
	self := f.sections[0].self
	v, err := f.Load(self)
	s, ok := v.(*Stream)
	if err != nil || !ok {
		t.Fatalf("object %v is %T, %v", self, v, err)
	}
	if diff := cmp.Diff(f.Trailer()["ID"], s.Dict["ID"]); diff != "" {
		t.Error(diff)
	}
	if _, err := f.Decode(s); err != nil {
		t.Error(err)
	}
	sealed, err := f.crypt.seal(&Stream{Dict: s.Dict, Data: []byte("rows")}, self)
	if got, ok := sealed.(*Stream); err != nil || !ok || string(got.Data) != "rows" || !cmp.Equal(got.Dict, s.Dict) {
		t.Errorf("sealed as %v, %v", sealed, err)
	}
}

func TestNullIsNoEncryption(t *testing.T) {
	for trailer, want := range map[string]error{"/Encrypt null": nil, "/Encrypt 99 0 R": ErrDamaged, "/Encrypt[]": ErrDamaged} {
		d := shapes.NewDocument("1.7", 1)
		d.Trailer = trailer
		data := d.Finish().Table()
		if _, err := Read(bytes.NewReader(data), int64(len(data)), Options{}); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", trailer, err, want)
		}
	}
}

// Ciphertexts as sloppy writers leave them, in a document of AES-128.
func TestSloppyCiphertexts(t *testing.T) {
	e := read(t, relocked(t, methods[3], false, func(Dict) {}), "").crypt
	ref := Ref{Num: 7, Gen: 1}
	whole := e.encrypt([]byte("sixteen bytes..!"), aesV2, ref)
	for _, c := range []struct {
		name      string
		file      []byte
		want      string // as a string
		streamErr error
	}{
		{"empty", nil, "", nil},
		{"proper", whole, "sixteen bytes..!", nil},
		{"without padding", whole[:32], "sixteen bytes..!", nil},
		{"vector alone", whole[:16], "", nil},
		{"in clear", []byte("in clear"), "in clear", ErrDamaged},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, ok := e.open(String(bytes.Clone(c.file)), ref).(String); !ok || string(got) != c.want {
				t.Errorf("string %q, want %q", got, c.want)
			}
			got, err := e.openStream(bytes.Clone(c.file), &Stream{Dict: Dict{}, ref: ref})
			if !errors.Is(err, c.streamErr) || err == nil && string(got) != c.want {
				t.Errorf("stream %q, %v; want %q, %v", got, err, c.want, c.streamErr)
			}
		})
	}
	other := Dict{"Filter": Name("Crypt"), "DecodeParms": Dict{"Name": Name("Khac")}}
	if _, err := e.openStream(whole, &Stream{Dict: other, ref: ref}); !errors.Is(err, ErrEncryption) {
		t.Errorf("a stream with an unknown crypt filter opens: %v", err)
	}
	if _, err := e.seal(&Stream{Dict: other, Data: whole}, ref); !errors.Is(err, ErrEncryption) {
		t.Errorf("a stream with an unknown crypt filter is written: %v", err)
	}
	for data, want := range map[string]string{
		"abc\x01": "abc", "ab\x02\x02": "ab", "ab\x01\x02": "ab\x01\x02", "ab\x00": "ab\x00", "\x11": "\x11", "\x02": "\x02",
	} {
		if got := string(unpad([]byte(data))); got != want {
			t.Errorf("%q without padding is %q, want %q", data, got, want)
		}
	}
}

// Files of writers that take the tables loosely open all the same.
func TestLooseEncryptionDictionaries(t *testing.T) {
	clearAll := func(d Dict) { d["StmF"], d["StrF"] = Name("Identity"), Name("Identity") }
	for _, c := range []struct {
		name string
		m    method
		edit func(Dict)
	}{
		{"no lengths, AES-128", methods[3], func(d Dict) {
			d["Length"], d["CF"] = nil, Dict{"StdCF": Dict{"CFM": Name("AESV2")}}
			d["StrF"] = Name("Identity")
		}},
		{"no lengths, AES-256", methods[5], func(d Dict) {
			d["Length"], d["CF"] = nil, Dict{"StdCF": Dict{"CFM": Name("AESV3")}}
			d["StrF"] = Name("Identity")
		}},
		{"length in bits, RC4", methods[2], func(d Dict) {
			d["Length"], d["CF"] = nil, Dict{"StdCF": Dict{"CFM": Name("V2"), "Length": 128}}
			d["StrF"] = Name("Identity")
		}},
		{"length in bytes, RC4", methods[1], func(d Dict) { d["Length"] = 16 }},
		{"unsigned permissions", methods[3], func(d Dict) {
			clearAll(d)
			d["P"] = int(uint32(d["P"].(int)))
		}},
		{"filled up to 127 bytes", methods[5], func(d Dict) {
			clearAll(d)
			for _, k := range []Name{"O", "U"} {
				d[k] = append(slices.Clone(d[k].(String)), make([]byte, 79)...)
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := read(t, relocked(t, c.m, false, c.edit), "")
			if f.crypt.strings == identity {
				if got := f.Text(f.Dict(f.Trailer()["Info"])["Title"]); got != titleText {
					t.Errorf("title %q", got)
				}
			}
		})
	}
}

func TestUnknownEncryption(t *testing.T) {
	for _, c := range []struct {
		name string
		m    method
		edit func(Dict)
		want error
		says string
	}{
		{"public-key handler", methods[3], func(d Dict) { d["Filter"] = Name("Adobe.PubSec") }, ErrEncryption, "Adobe.PubSec"},
		{"another handler", methods[3], func(d Dict) { d["Filter"] = Name("FOPN_fLock") }, ErrEncryption, "FOPN_fLock"},
		{"no handler", methods[3], func(d Dict) { d["Filter"] = nil }, ErrEncryption, ""},
		{"version 3", methods[1], func(d Dict) { d["V"] = 3 }, ErrEncryption, "version 3"},
		{"AES-GCM", methods[5], func(d Dict) { d["V"], d["R"] = 6, 7 }, ErrEncryption, "version 6, revision 7"},
		{"crypt filter not defined", methods[3], func(d Dict) { d["StrF"] = Name("Khac") }, ErrEncryption, "Khac"},
		{"crypt filter of a handler", methods[3], func(d Dict) { d["CF"] = Dict{"StdCF": Dict{"CFM": Name("None")}} }, ErrEncryption, "None"},
		{"method of another version", methods[5], func(d Dict) { d["CF"] = Dict{"StdCF": Dict{"CFM": Name("AESV2")}} }, ErrEncryption, "AESV2"},
		{"odd key", methods[1], func(d Dict) { d["Length"] = 44 }, ErrEncryption, "44 bits"},
		{"long key", methods[1], func(d Dict) { d["Length"] = 256 }, ErrEncryption, "256 bits"},
		{"short O", methods[3], func(d Dict) { d["O"] = String("short") }, ErrDamaged, "/O"},
		{"no UE and P", methods[5], func(d Dict) { d["UE"], d["P"] = nil, nil }, ErrDamaged, "/UE, /P"},
		{"no dictionary", methods[3], func(d Dict) { clear(d) }, ErrEncryption, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := relocked(t, c.m, false, c.edit)
			_, err := Read(bytes.NewReader(data), int64(len(data)), Options{})
			if !errors.Is(err, c.want) || !strings.Contains(fmt.Sprint(err), c.says) {
				t.Errorf("got %v, want %v that names %q", err, c.want, c.says)
			}
		})
	}
}

// /P stands in clear; in AES-256 its encrypted copy holds against a change.
func TestLoosenedPermissionsDoNotHelp(t *testing.T) {
	clearAll := func(d Dict) { d["StmF"], d["StrF"], d["P"] = Name("Identity"), Name("Identity"), -4 }
	f := read(t, relocked(t, methods[5], false, clearAll, "--modify=none"), "")
	if f.Permits(PermitFill) || f.Permits(PermitNewFields) {
		t.Error("what /Perms forbids is allowed")
	}
	// Up to AES-128 /P is part of the key.
	data := relocked(t, methods[3], false, clearAll, "--modify=none")
	if _, err := Read(bytes.NewReader(data), int64(len(data)), Options{}); !errors.Is(err, ErrPassword) {
		t.Errorf("got %v, want ErrPassword", err)
	}
}
