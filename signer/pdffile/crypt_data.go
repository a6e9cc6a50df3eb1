package pdffile

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/md5"
	"crypto/rand"
	"crypto/rc4"
	"fmt"
)

// open decrypts the strings of an object that stands by itself in the file.
// A string that is no ciphertext of its method, which sloppy writers leave in
// clear, stays as it is.
func (e *encryption) open(o Object, ref Ref) Object {
	if e.strings == identity || e.plain[ref.Num] {
		return o
	}
	return e.eachString(o, func(s String) String {
		b, err := e.decrypt(bytes.Clone(s), e.strings, ref)
		if err != nil {
			return s
		}
		return b
	})
}

// openStream decrypts b, the bytes of s in the file, in place.
func (e *encryption) openStream(b []byte, s *Stream) ([]byte, error) {
	m, err := e.streamMethod(s.Dict)
	if err != nil {
		return nil, err
	}
	if b, err = e.decrypt(b, m, s.ref); err != nil {
		return nil, fmt.Errorf("stream of object %d: %w", s.ref.Num, err)
	}
	return b, nil
}

// seal is a copy of o, encrypted as the object at ref; streams carry their Data.
// Every call draws new initialisation vectors.
func (e *encryption) seal(o Object, ref Ref) (Object, error) {
	if e.plain[ref.Num] {
		return o, nil
	}
	if e.strings != identity {
		o = e.eachString(o, func(s String) String { return e.encrypt(s, e.strings, ref) })
	}
	s, ok := o.(*Stream)
	if !ok {
		return o, nil
	}
	m, err := e.streamMethod(s.Dict)
	if err != nil || m == identity {
		return o, err
	}
	return &Stream{Dict: s.Dict, Data: e.encrypt(s.Data, m, ref)}, nil
}

// eachString is a copy of o with fn applied to every string that encryption
// concerns (7.6.1).
func (e *encryption) eachString(o Object, fn func(String) String) Object {
	switch v := o.(type) {
	case String:
		return fn(v)
	case Array:
		out := make(Array, len(v))
		for i, x := range v {
			out[i] = e.eachString(x, fn)
		}
		return out
	case Dict:
		signature := e.isSignature(v)
		out := make(Dict, len(v))
		for k, x := range v {
			if signature && k == "Contents" {
				out[k] = x
			} else {
				out[k] = e.eachString(x, fn)
			}
		}
		return out
	case *Stream:
		if e.f.Name(v.Dict["Type"]) == "XRef" {
			return v // 7.5.8.2
		}
		out := *v
		out.Dict, _ = e.eachString(v.Dict, fn).(Dict)
		return &out
	}
	return o
}

// isSignature knows a signature dictionary, whose /Contents stays in clear. Its
// /Type is optional (table 252), its /ByteRange belongs to nothing else.
func (e *encryption) isSignature(d Dict) bool {
	t := e.f.Name(d["Type"])
	return t == "Sig" || t == "DocTimeStamp" || d["ByteRange"] != nil
}

// streamMethod is how a stream is encrypted: never for a cross-reference
// (7.5.8.2), else as its own /Crypt filter says (7.4.10), else by its kind.
func (e *encryption) streamMethod(d Dict) (cipherMethod, error) {
	f := e.f
	kind := f.Name(d["Type"])
	if kind == "XRef" {
		return identity, nil
	}
	filters, parms := f.listOf(d["Filter"]), f.listOf(d["DecodeParms"])
	for i, o := range filters {
		if f.Name(o) != "Crypt" || e.named == nil {
			continue // before /V 4 there are no crypt filters
		}
		name := Name("Identity") // table 14
		if i < len(parms) {
			if n := f.Name(f.Dict(parms[i])["Name"]); n != "" {
				name = n
			}
		}
		m, ok := e.named[name]
		if !ok || m == unread {
			return identity, fmt.Errorf("%w: crypt filter %q of a stream", ErrEncryption, name)
		}
		return m, nil
	}
	switch {
	case kind == "Metadata" && e.clearMetadata:
		return identity, nil
	case kind == "EmbeddedFile":
		return e.embedded, nil
	}
	return e.streams, nil
}

// listOf takes one value as a list of one (7.3.8.2, table 5: /Filter).
func (f *File) listOf(o Object) Array {
	v, _ := f.Resolve(o)
	switch v := v.(type) {
	case nil:
		return nil
	case Array:
		return v
	}
	return Array{o}
}

// objectKey is the key for the strings and the stream of one object (7.6.2,
// algorithm 1); AES-256 uses the file's (ISO 32000-2, algorithm 1.A).
func (e *encryption) objectKey(m cipherMethod, ref Ref) []byte {
	if m == aesV3 {
		return e.key
	}
	h := md5.New()
	h.Write(e.key)
	h.Write([]byte{byte(ref.Num), byte(ref.Num >> 8), byte(ref.Num >> 16), byte(ref.Gen), byte(ref.Gen >> 8)})
	if m == aesV2 {
		h.Write([]byte("sAlT"))
	}
	return h.Sum(nil)[:min(len(e.key)+5, md5.Size)]
}

// decrypt works in place and returns the part of b that holds the plain bytes.
func (e *encryption) decrypt(b []byte, m cipherMethod, ref Ref) ([]byte, error) {
	switch {
	case m == identity || len(b) == 0: // empty strings are not encrypted by some writers
		return b, nil
	case m == rc4V2:
		return e.applyRC4(b, b, ref), nil
	case len(b)%aes.BlockSize != 0:
		return nil, fmt.Errorf("%w: %d encrypted bytes are no whole blocks", ErrDamaged, len(b))
	}
	iv, b := b[:aes.BlockSize], b[aes.BlockSize:]
	cipher.NewCBCDecrypter(e.block(m, ref), iv).CryptBlocks(b, b)
	return unpad(b), nil
}

// unpad takes the padding off (7.6.2, note on RFC 2898); some writers add none.
func unpad(b []byte) []byte {
	if len(b) == 0 {
		return b
	}
	n := int(b[len(b)-1])
	if n < 1 || n > aes.BlockSize || n > len(b) {
		return b
	}
	rest := b[:len(b)-n]
	if !bytes.Equal(b[len(rest):], bytes.Repeat([]byte{byte(n)}, n)) {
		return b
	}
	return rest
}

// encrypt returns new bytes: for AES an initialisation vector, then the padded
// data.
func (e *encryption) encrypt(b []byte, m cipherMethod, ref Ref) []byte {
	switch m {
	case identity:
		return b
	case rc4V2:
		return e.applyRC4(make([]byte, len(b)), b, ref)
	}
	pad := aes.BlockSize - len(b)%aes.BlockSize
	out := make([]byte, aes.BlockSize, aes.BlockSize+len(b)+pad)
	_, _ = rand.Read(out) // never fails: it ends the program rather than give less
	out = append(append(out, b...), bytes.Repeat([]byte{byte(pad)}, pad)...)
	iv, data := out[:aes.BlockSize], out[aes.BlockSize:]
	cipher.NewCBCEncrypter(e.block(m, ref), iv).CryptBlocks(data, data)
	return out
}

func (e *encryption) applyRC4(dst, src []byte, ref Ref) []byte {
	c, err := rc4.NewCipher(e.objectKey(rc4V2, ref))
	if err != nil {
		panic(err) // 10 to 16 bytes are a key
	}
	c.XORKeyStream(dst, src)
	return dst
}

func (e *encryption) block(m cipherMethod, ref Ref) cipher.Block {
	c, err := aes.NewCipher(e.objectKey(m, ref))
	if err != nil {
		panic(err) // 16 or 32 bytes are a key
	}
	return c
}
