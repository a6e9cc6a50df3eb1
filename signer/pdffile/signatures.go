package pdffile

import (
	"fmt"
	"sort"
)

// Signature is a filled signature field (12.8).
type Signature struct {
	Field Field
	Ref   Ref // of the signature dictionary; zero when it is direct in the field
	Dict  Dict

	ByteRange [4]int64 // as written; meaningful when Err is nil
	Contents  []byte   // the whole decoded string, zero padding included
	Gap       [2]int64 // place of the /Contents token, from '<' to after '>'
	Err       error    // why byte range or contents cannot be used
}

// End is where the revision that the signature covers ends.
func (s Signature) End() int64 { return s.ByteRange[2] + s.ByteRange[3] }

// Signatures returns the filled signature fields in the order in which they
// were made, as far as their byte ranges tell. A signature that cannot be read
// is listed with its Err, never left out.
func (f *File) Signatures() ([]Signature, error) {
	fs, err := f.Fields()
	if err != nil {
		return nil, err
	}
	var out []Signature
	for _, fl := range fs {
		if fl.Type != "Sig" || fl.Value == nil {
			continue
		}
		s := Signature{Field: fl}
		s.Ref, _ = fl.Value.(Ref)
		s.Err = f.readSignature(&s)
		out = append(out, s)
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].End() < out[j].End() })
	return out, nil
}

func (f *File) readSignature(s *Signature) error {
	v, err := f.Resolve(s.Field.Value)
	if err != nil {
		return err
	}
	d, ok := v.(Dict)
	if !ok {
		return fmt.Errorf("%w: the value of signature field %q is no dictionary", ErrDamaged, s.Field.Name)
	}
	s.Dict = d
	br, ok := d["ByteRange"].(Array)
	if !ok || len(br) != 4 {
		return fmt.Errorf("%w: /ByteRange is not an array of four integers", ErrDamaged)
	}
	for i, o := range br {
		n, ok := o.(int)
		if !ok || n < 0 || int64(n) > f.size {
			return fmt.Errorf("%w: /ByteRange holds %v", ErrDamaged, o)
		}
		s.ByteRange[i] = int64(n)
	}
	c, ok := d["Contents"].(String)
	if !ok || len(c) == 0 {
		return fmt.Errorf("%w: /Contents is missing or empty", ErrDamaged)
	}
	s.Contents = c
	return f.findGap(s)
}

// findGap finds the bytes of the /Contents token of exactly this dictionary.
func (f *File) findGap(s *Signature) error {
	at, path := s.Ref, "Contents"
	if at == (Ref{}) {
		at, path = s.Field.Ref, "V/Contents"
	}
	e, ok := f.entries[at.Num]
	if !ok || e.free || e.stream != 0 || at == (Ref{}) {
		return fmt.Errorf("%w: the signature dictionary is not an object of its own", ErrDamaged) // 7.5.7: never in an object stream
	}
	spans := map[string][2]int64{}
	in, err := f.readIndirect(e.offset, spans)
	if err != nil {
		return err
	}
	gap, ok := spans[path]
	if !ok {
		return fmt.Errorf("%w: /Contents is not written in the signature dictionary", ErrDamaged)
	}
	if in.duplicate {
		return fmt.Errorf("%w: the signature dictionary names a key twice", ErrDamaged)
	}
	s.Gap = gap
	return nil
}
