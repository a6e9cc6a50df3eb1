package pdffile

// Object is a PDF object (ISO 32000-1, 7.3): nil, bool, int, float64, Name,
// String, Array, Dict, Ref or *Stream.
type Object = any

// Name is a name object without its slash and with #xx decoded (7.3.5).
type Name string

// String holds the bytes of a literal or hexadecimal string, decoded and, in
// an encrypted document, decrypted (7.3.4). It is always written as hex.
type String []byte

// Array is an array object (7.3.6).
type Array []Object

// Dict is a dictionary object (7.3.7). A nil value means that the key is
// absent.
type Dict map[Name]Object

// Ref is an indirect reference "Num Gen R" (7.3.10).
type Ref struct{ Num, Gen int }

// Stream is a stream object (7.3.8). A stream of a file keeps only its place
// there; a new one carries its encoded bytes in Data.
type Stream struct {
	Dict Dict
	Data []byte // encoded bytes of a new stream; nil when the bytes lie in the file

	ref            Ref   // where it was read from, for decryption
	offset, length int64 // raw bytes in the file
}

// Adder is a place where new objects go, in practice an Update.
type Adder interface {
	Add(o Object) Ref
}

// Clone returns a copy of d that can be changed; values are shared.
func (d Dict) Clone() Dict {
	c := make(Dict, len(d)+2)
	for k, v := range d {
		c[k] = v
	}
	return c
}
