package pdffile

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"math"
	"sort"
	"strconv"

	"antin/signer/pdffile/syntax"
)

// ByteRangeSlot is the value of /ByteRange in a signature dictionary that is
// about to be written: Render puts the real numbers there.
type ByteRangeSlot struct{}

// ContentsSlot is the value of /Contents in such a dictionary: a gap for a CMS
// of at most Bytes bytes, written as hexadecimal zeros.
type ContentsSlot struct{ Bytes int }

const byteRangeFormat = "[0 %-10d %-10d %-10d]" // ten digits: files below 10 GB

// writer serialises objects and remembers where the slots lie.
type writer struct {
	bytes.Buffer
	base                   int64 // file offset of the first byte
	byteRange              int64 // offset of the slot, 0 when there is none
	contents, contentsStop int64
}

func (w *writer) at() int64 { return w.base + int64(w.Len()) }

func (w *writer) object(o Object) error {
	switch v := o.(type) {
	case nil:
		w.WriteString("null")
	case bool:
		w.WriteString(strconv.FormatBool(v))
	case int:
		w.WriteString(strconv.Itoa(v))
	case int64:
		w.WriteString(strconv.FormatInt(v, 10))
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("pdffile: number %v cannot be written", v)
		}
		w.WriteString(strconv.FormatFloat(v, 'f', -1, 64))
	case Name:
		w.name(v)
	case String:
		w.WriteByte('<')
		w.WriteString(hex.EncodeToString(v))
		w.WriteByte('>')
	case Ref:
		fmt.Fprintf(w, "%d %d R", v.Num, v.Gen)
	case Array:
		w.WriteByte('[')
		for i, e := range v {
			if i > 0 {
				w.WriteByte(' ')
			}
			if err := w.object(e); err != nil {
				return err
			}
		}
		w.WriteByte(']')
	case Dict:
		return w.dict(v)
	case ByteRangeSlot:
		w.byteRange = w.at()
		fmt.Fprintf(w, byteRangeFormat, 0, 0, 0)
	case ContentsSlot:
		w.contents = w.at()
		w.WriteByte('<')
		w.Write(bytes.Repeat([]byte{'0'}, 2*v.Bytes))
		w.WriteByte('>')
		w.contentsStop = w.at()
	default:
		return fmt.Errorf("pdffile: %T is no PDF object", o)
	}
	return nil
}

func (w *writer) dict(d Dict) error {
	keys := make([]string, 0, len(d))
	for k, v := range d {
		if v != nil {
			keys = append(keys, string(k))
		}
	}
	sort.Strings(keys)
	w.WriteString("<<")
	for _, k := range keys {
		w.name(Name(k))
		w.WriteByte(' ')
		if err := w.object(d[Name(k)]); err != nil {
			return err
		}
	}
	w.WriteString(">>")
	return nil
}

// name writes a name; bytes outside '!'…'~', delimiters and '#' are escaped (7.3.5).
func (w *writer) name(n Name) {
	w.WriteByte('/')
	for i := 0; i < len(n); i++ {
		if c := n[i]; c < '!' || c > '~' || syntax.IsDelimiter(c) || c == '#' {
			fmt.Fprintf(w, "#%02X", c)
		} else {
			w.WriteByte(c)
		}
	}
}

// indirect writes "n g obj … endobj".
func (w *writer) indirect(ref Ref, o Object) error {
	fmt.Fprintf(w, "%d %d obj\n", ref.Num, ref.Gen)
	s, ok := o.(*Stream)
	if !ok {
		if err := w.object(o); err != nil {
			return err
		}
		w.WriteString("\nendobj\n")
		return nil
	}
	d := s.Dict.Clone()
	d["Length"] = len(s.Data)
	if err := w.dict(d); err != nil {
		return err
	}
	w.WriteString("\nstream\n")
	w.Write(s.Data)
	w.WriteString("\nendstream\nendobj\n")
	return nil
}
