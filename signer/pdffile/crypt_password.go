package pdffile

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// authentication is the part of an encryption dictionary that depends on the
// passwords, with the first half of /ID.
type authentication struct {
	r, bits             int
	o, u, oe, ue, perms []byte
	p                   uint32
	clearMetadata       bool
	id                  []byte
}

// readAuthentication collects what the passwords are checked against.
func (f *File) readAuthentication(d Dict, r, bits int) (*authentication, error) {
	a := &authentication{r: r, bits: bits}
	var missing []string
	field := func(key Name, length int) []byte {
		v, _ := f.Resolve(d[key])
		s, _ := v.(String)
		if len(s) < length {
			missing = append(missing, string(key))
			return nil
		}
		return s[:length] // some writers fill up with zeros
	}
	if r >= 5 {
		a.u, a.o = field("U", 48), field("O", 48)
		a.ue, a.oe = field("UE", 32), field("OE", 32)
		a.perms = field("Perms", 16)
	} else {
		a.u, a.o = field("U", 32), field("O", 32)
	}
	p, ok := f.Int(d["P"])
	if !ok {
		missing = append(missing, "P")
	}
	if len(missing) > 0 {
		return nil, fmt.Errorf("%w: encryption dictionary without proper /%s", ErrDamaged, strings.Join(missing, ", /"))
	}
	a.p = uint32(int64(p)) // signed in the standard, unsigned with some writers
	v, err := f.Resolve(d["EncryptMetadata"])
	if err != nil {
		return nil, err
	}
	a.clearMetadata = v == false
	if id := f.Array(f.trailer["ID"]); len(id) > 0 {
		v, err := f.Resolve(id[0])
		if err != nil {
			return nil, err
		}
		s, _ := v.(String)
		a.id = s
	}
	return a, nil
}

// errRefused says that a password is not this document's.
var errRefused = errors.New("password refused")

// opened is what the right password gives.
type opened struct {
	key         []byte
	owner       bool
	permissions uint32
}

// open tries the password as user's and owner's, then the empty one as user's:
// a password given for nothing does no harm. Who knows the user password only
// because both are the same has the user's rights.
func (a *authentication) open(password string) (opened, error) {
	spellings := passwordBytes(password, a.r)
	for _, owner := range []bool{false, true} {
		for _, pw := range spellings {
			if owner && len(pw) == 0 {
				continue
			}
			key, err := a.key(pw, owner)
			if err == nil {
				return opened{key: key, owner: owner, permissions: a.permissions(key)}, nil
			}
			if !errors.Is(err, errRefused) {
				return opened{}, err
			}
		}
	}
	if password == "" {
		return opened{}, ErrPassword
	}
	o, err := a.open("")
	if errors.Is(err, ErrPassword) {
		err = fmt.Errorf("%w: the given one is neither the user's nor the owner's", ErrPassword)
	}
	return o, err
}

// permissions are the bits of /P. Revisions 5 and 6 repeat them encrypted, as
// /P itself can be changed by anybody (ISO 32000-2, 7.6.4.4.12): what either
// forbids is forbidden.
func (a *authentication) permissions(key []byte) uint32 {
	if a.r < 5 {
		return a.p
	}
	b := decryptBlock(key, a.perms)
	if string(b[9:12]) != "adb" {
		return a.p
	}
	return a.p & binary.LittleEndian.Uint32(b)
}

// passwordBytes spells a password as the methods want it, the prescribed way
// first: PDFDocEncoding up to revision 4 (7.6.3.3), UTF-8 after SASLprep, at
// most 127 bytes, later (ISO 32000-2, 7.6.4.3.3). Many writers take UTF-8 as it
// comes, for Vietnamese the only way up to revision 4.
func passwordBytes(password string, r int) [][]byte {
	var out [][]byte
	add := func(b []byte, most int) {
		b = b[:min(len(b), most)]
		for _, have := range out {
			if bytes.Equal(have, b) {
				return
			}
		}
		out = append(out, b)
	}
	if r >= 5 {
		add([]byte(saslPrep(password)), 127)
		add([]byte(password), 127)
		return out
	}
	if b, ok := docEncoded(password); ok {
		add(b, 32)
	}
	add([]byte(norm.NFC.String(password)), 32)
	add([]byte(password), 32)
	return out
}

// docEncoded encodes s in PDFDocEncoding when that is possible.
func docEncoded(s string) ([]byte, bool) {
	var out []byte
next:
	for _, r := range norm.NFC.String(s) {
		for c := range 256 {
			if docRune(byte(c)) == r {
				out = append(out, byte(c))
				continue next
			}
		}
		return nil, false
	}
	return out, true
}

// saslPrep maps a password as RFC 4013 does (2.1 and 2.2). What it prohibits is
// let through: this opens documents and makes no passwords.
func saslPrep(s string) string {
	return norm.NFKC.String(strings.Map(func(r rune) rune {
		switch {
		case r == 0xA0, r == 0x1680, r >= 0x2000 && r <= 0x200A, r == 0x202F, r == 0x205F, r == 0x3000:
			return ' ' // RFC 3454, C.1.2
		case r == 0xAD, r == 0x34F, r == 0x1806, r >= 0x180B && r <= 0x180D, r >= 0x200B && r <= 0x200D,
			r == 0x2060, r >= 0xFE00 && r <= 0xFE0F, r == 0xFEFF:
			return -1 // RFC 3454, B.1
		}
		return r
	}, s))
}
