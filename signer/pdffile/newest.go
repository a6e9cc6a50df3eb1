package pdffile

import "slices"

// Listing is what the newest cross-reference section of a document says: the
// table or stream that the last startxref names. Offsets are bytes of the file.
type Listing struct {
	Start, End int64 // "xref … trailer <<…>>", or the whole stream object
	EOF        int64 // after the %%EOF line that belongs to it; 0 when there is none
	Prev       int64 // offset of the section before; -1 when there is none
	Kind       XRefKind
	Self       int   // object number of a cross-reference stream; 0 for a table
	Numbers    []int // objects that it lists as in use, ascending
	Freed      []int // objects that it lists as free, ascending
}

// Newest returns the listing of the newest section. Objects that older sections
// list are not in it, nor are those of the stream beside a hybrid table.
func (f *File) Newest() Listing {
	s := f.sections[0]
	l := Listing{Start: s.offset, End: s.end, Kind: s.kind, Self: s.self.Num, Prev: -1}
	if s.startxref == s.offset {
		l.EOF = s.eof
	}
	if prev, err := previous(s.trailer); err == nil {
		l.Prev = prev
	}
	for n, e := range s.entries {
		if e.free {
			l.Freed = append(l.Freed, n)
		} else {
			l.Numbers = append(l.Numbers, n)
		}
	}
	slices.Sort(l.Numbers)
	slices.Sort(l.Freed)
	return l
}

// Container is the number of the object stream that holds object num, 0 when it
// is an object of its own or not in use (7.5.7).
func (f *File) Container(num int) int { return f.entries[num].stream }
