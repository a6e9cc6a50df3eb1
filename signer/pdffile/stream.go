package pdffile

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/pdfcpu/pdfcpu/pkg/filter"
)

// Raw returns the encoded bytes of a stream, decrypted in an encrypted document.
// Errors: ErrLimit above Limits.Stream.
func (f *File) Raw(s *Stream) ([]byte, error) {
	if s.Data != nil {
		return s.Data, nil
	}
	if s.length > f.lim.Stream {
		return nil, fmt.Errorf("%w: a stream of %d bytes", ErrLimit, s.length)
	}
	b := make([]byte, s.length)
	if n, err := f.src.ReadAt(b, s.offset); n < len(b) {
		if err == nil || errors.Is(err, io.EOF) {
			err = ErrTruncated
		}
		return nil, err
	}
	if f.crypt != nil && s.ref != (Ref{}) {
		return f.crypt.openStream(b, s)
	}
	return b, nil
}

// Decode returns the data of a stream with all its filters undone (7.4).
// Errors: ErrLimit above Limits.Stream, ErrDamaged.
func (f *File) Decode(s *Stream) (data []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			data, err = nil, fmt.Errorf("%w: %v", ErrDamaged, r)
		}
	}()
	if data, err = f.Raw(s); err != nil {
		return nil, err
	}
	names, parms := f.filters(s.Dict)
	if len(names) > 16 {
		return nil, fmt.Errorf("%w: %d filters on one stream", ErrLimit, len(names))
	}
	for i, name := range names {
		if len(data) == 0 {
			break // writers leave an empty stream empty, whatever its filters say
		}
		if name == "Crypt" {
			continue // the identity filter; openStream has obeyed it
		}
		fl, err := filter.NewFilter(string(name), parms[i], f.lim.Stream)
		if err != nil {
			return nil, fmt.Errorf("%w: filter %s: %v", ErrDamaged, name, err)
		}
		r, err := fl.Decode(bytes.NewReader(data))
		if err == nil {
			data, err = io.ReadAll(io.LimitReader(r, f.lim.Stream+1))
		}
		switch {
		case errors.Is(err, filter.ErrDecodeLimitExceeded), err == nil && int64(len(data)) > f.lim.Stream:
			return nil, fmt.Errorf("%w: a stream above %d bytes", ErrLimit, f.lim.Stream)
		case err != nil:
			return nil, fmt.Errorf("%w: filter %s: %v", ErrDamaged, name, err)
		}
	}
	return data, nil
}

// abbreviations of filter names are allowed in inline images only, yet found
// elsewhere too (8.9.7, table 94).
var filterNames = map[Name]Name{
	"Fl": "FlateDecode", "LZW": "LZWDecode", "A85": "ASCII85Decode", "AHx": "ASCIIHexDecode", "RL": "RunLengthDecode",
	"DCT": "DCTDecode", "CCF": "CCITTFaxDecode",
}

// LastFilter names the filter that gives a stream's data their form, for
// pictures the kind of picture; "" when there is none.
func (f *File) LastFilter(s *Stream) Name {
	names, _ := f.filters(s.Dict)
	if len(names) == 0 {
		return ""
	}
	return names[len(names)-1]
}

// filters lists the filters of a stream and their integer parameters.
func (f *File) filters(d Dict) ([]Name, []map[string]int) {
	list := func(o Object) Array {
		v, _ := f.Resolve(o)
		switch v := v.(type) {
		case nil:
			return nil
		case Array:
			return v
		default:
			return Array{v}
		}
	}
	ps := list(d["DecodeParms"])
	var names []Name
	var parms []map[string]int
	for i, o := range list(d["Filter"]) {
		n := f.Name(o)
		if long, ok := filterNames[n]; ok {
			n = long
		}
		m := map[string]int{}
		if i < len(ps) {
			for k, v := range f.Dict(ps[i]) {
				if n, ok := f.Int(v); ok {
					m[string(k)] = n
				}
			}
		}
		names, parms = append(names, n), append(parms, m)
	}
	return names, parms
}
