package pdffile

import "fmt"

// Permission is something that an encrypted document may forbid (7.6.3.2, table 22).
type Permission int

// What signing needs.
const (
	PermitFill      Permission = iota // fill and sign existing fields: bit 9 or bit 6
	PermitNewFields                   // create fields: bits 4 and 6
)

// Bits of /P, counted from 1 as table 22 does.
const (
	bitModify   = 1 << (4 - 1)
	bitAnnotate = 1 << (6 - 1)
	bitFill     = 1 << (9 - 1) // from revision 3
)

// Permits tells whether the document allows p; one that is not encrypted, or
// was opened with the owner password, allows everything.
func (f *File) Permits(p Permission) bool {
	e := f.crypt
	if e == nil || e.owner {
		return true
	}
	annotate := e.permissions&bitAnnotate != 0
	if p == PermitFill {
		return annotate || e.r >= 3 && e.permissions&bitFill != 0
	}
	return annotate && e.permissions&bitModify != 0
}

// Encrypted names the encryption of the document for messages, for instance
// "RC4-128", "AES-128" or "AES-256 R6" (method, bits of the key and, where two
// differ in nothing else, revision); "" when it is not encrypted.
func (f *File) Encrypted() string {
	if f.crypt == nil {
		return ""
	}
	return f.crypt.name
}

// cipherMethod is how a crypt filter encrypts (7.6.5, table 25).
type cipherMethod int

const (
	identity cipherMethod = iota // in clear
	rc4V2                        // V2, and everything before /V 4
	aesV2                        // AES-128 with a key for each object
	aesV3                        // AES-256 with the file's key (ISO 32000-2, 7.6.3.3)
	unread                       // defined in a way that is not known here
)

// encryption is the standard security handler's state for an opened document.
type encryption struct {
	f    *File
	name string
	r    int    // /R
	key  []byte // of the file

	strings, streams, embedded cipherMethod
	named                      map[Name]cipherMethod // /CF, for streams that name their filter
	clearMetadata              bool

	owner       bool // opened with the owner password and not with the user's
	permissions uint32

	// Objects whose strings are never encrypted: the encryption dictionary
	// (7.6.1) and, where a writer made it indirect, /ID.
	plain map[int]bool
}

// openEncryption reads the encryption dictionary (7.6.1 and 7.6.3, tables 20
// and 21) and finds the key of the file with the password of the options, or
// with the empty one. Errors: ErrEncryption, ErrPassword, ErrDamaged.
func (f *File) openEncryption(o Object) error {
	v, err := f.Resolve(o)
	if err != nil {
		return fmt.Errorf("encryption dictionary: %w", err)
	}
	d, ok := v.(Dict)
	if !ok {
		return fmt.Errorf("%w: no encryption dictionary", ErrDamaged)
	}
	if h := f.Name(d["Filter"]); h != "Standard" {
		return fmt.Errorf("%w: security handler %q", ErrEncryption, h)
	}
	version, _ := f.Int(d["V"])
	r, _ := f.Int(d["R"])
	e := &encryption{f: f, r: r, plain: f.plainObjects(o)}
	bits, err := e.readFilters(d, version)
	if err != nil {
		return err
	}
	a, err := f.readAuthentication(d, r, bits)
	if err != nil {
		return err
	}
	e.clearMetadata = version >= 4 && a.clearMetadata
	opened, err := a.open(f.opt.Password)
	if err != nil {
		return err
	}
	e.key, e.owner, e.permissions = opened.key, opened.owner, opened.permissions
	e.name = e.describe(bits)
	// What was loaded on the way was not decrypted.
	f.objects, f.streams, f.streamMem = map[int]Object{}, map[int]*objectStream{}, 0
	f.crypt = e
	return nil
}

// plainObjects lists the objects that hold the encryption dictionary and /ID.
func (f *File) plainObjects(encrypt Object) map[int]bool {
	plain := map[int]bool{}
	mark := func(o Object) {
		if ref, ok := o.(Ref); ok {
			plain[ref.Num] = true
		}
	}
	mark(encrypt)
	mark(f.trailer["ID"])
	for _, half := range f.Array(f.trailer["ID"]) {
		mark(half)
	}
	return plain
}

// readFilters finds the methods for strings, streams and embedded files, and
// the length of the file's key in bits.
func (e *encryption) readFilters(d Dict, version int) (bits int, err error) {
	f := e.f
	length, ok := f.Int(d["Length"])
	switch {
	case version == 1 && (e.r == 2 || e.r == 3), version == 2 && e.r == 2:
		bits = 40
	case version == 2 && e.r == 3:
		if bits = keyBits(length); !ok {
			bits = 40 // table 20
		}
	case version == 4 && e.r == 4, version == 5 && (e.r == 5 || e.r == 6):
		return e.readCryptFilters(d, version, keyBits(length))
	default:
		return 0, fmt.Errorf("%w: version %d, revision %d of the standard security handler", ErrEncryption, version, e.r)
	}
	e.strings, e.streams, e.embedded = rc4V2, rc4V2, rc4V2
	return bits, checkKeyBits(bits, 128)
}

// readCryptFilters is readFilters from version 4 on (7.6.5).
func (e *encryption) readCryptFilters(d Dict, version, length int) (bits int, err error) {
	f := e.f
	cf := f.Dict(d["CF"])
	e.named = f.cryptMethods(cf, version)
	most := 128 // AESV2 knows no other length; RC4 beside it shares the key
	if version == 5 {
		most = 256
	}
	short := 0 // length of the key when only RC4 is used
	method := func(key Name) cipherMethod {
		name := f.Name(d[key])
		if name == "" {
			name = "Identity" // table 20
		}
		m, ok := e.named[name]
		switch own, isInt := f.Int(f.Dict(cf[name])["Length"]); {
		case !ok || m == unread:
			err = fmt.Errorf("%w: crypt filter %q with method %q", ErrEncryption, name, f.Name(f.Dict(cf[name])["CFM"]))
		case m == aesV2:
			short = most
		case m == rc4V2 && isInt: // comes before the dictionary's
			short = max(short, keyBits(own))
		case m == rc4V2:
			short = max(short, length)
		}
		return m
	}
	e.streams, e.strings = method("StmF"), method("StrF")
	e.embedded = e.streams // table 20
	if f.Name(d["EFF"]) != "" {
		e.embedded = method("EFF")
	}
	if err != nil {
		return 0, err
	}
	if bits = most; short != 0 {
		bits = short
	}
	return bits, checkKeyBits(bits, most)
}

// cryptMethods reads /CF. Filters that nothing uses need not be known.
func (f *File) cryptMethods(cf Dict, version int) map[Name]cipherMethod {
	known := map[Name]cipherMethod{"V2": rc4V2, "AESV2": aesV2}
	if version == 5 {
		known = map[Name]cipherMethod{"AESV3": aesV3}
	}
	out := map[Name]cipherMethod{}
	for name, o := range cf {
		m, ok := known[f.Name(f.Dict(o)["CFM"])]
		if !ok {
			m = unread
		}
		out[name] = m
	}
	out["Identity"] = identity // cannot be redefined (table 26)
	return out
}

// keyBits takes a /Length that can only be bytes as bytes.
func keyBits(n int) int {
	if n > 0 && n < 40 {
		return n * 8
	}
	return n
}

func checkKeyBits(bits, most int) error {
	if bits%8 != 0 || bits < 40 || bits > most {
		return fmt.Errorf("%w: a key of %d bits", ErrEncryption, bits)
	}
	return nil
}

// describe names the method by what it does to streams, else to strings, else
// to embedded files.
func (e *encryption) describe(bits int) string {
	for _, m := range []cipherMethod{e.streams, e.strings, e.embedded} {
		switch m {
		case rc4V2:
			return fmt.Sprintf("RC4-%d", bits)
		case aesV2:
			return "AES-128"
		case aesV3:
			return fmt.Sprintf("AES-256 R%d", e.r)
		}
	}
	return "Identity"
}
