package pdffile

import (
	"errors"
	"fmt"
	"sort"
)

// Load returns the newest state of an indirect object, nil when there is none
// (7.3.10: a reference to a missing object is null).
func (f *File) Load(ref Ref) (Object, error) {
	if o, ok := f.objects[ref.Num]; ok {
		if f.entries[ref.Num].gen != ref.Gen {
			return nil, nil
		}
		return o, nil
	}
	e, ok := f.entries[ref.Num]
	if !ok || e.free || e.gen != ref.Gen {
		return nil, nil
	}
	if f.loading[ref.Num] {
		return nil, fmt.Errorf("%w: object %d needs itself", ErrDamaged, ref.Num)
	}
	f.loading[ref.Num] = true
	defer delete(f.loading, ref.Num)
	o, duplicate, err := f.read(ref, e, nil)
	if err != nil {
		return nil, fmt.Errorf("object %d: %w", ref.Num, err)
	}
	if duplicate {
		f.duplicates[ref.Num] = true
	}
	f.objects[ref.Num] = o
	return o, nil
}

// read reads an object from its place and decrypts its strings.
func (f *File) read(ref Ref, e entry, spans map[string][2]int64) (o Object, duplicate bool, err error) {
	if e.stream != 0 {
		return f.readCompressed(ref.Num, e)
	}
	in, err := f.readIndirect(e.offset, spans)
	if err != nil {
		return nil, false, err
	}
	if in.ref != ref {
		return nil, false, fmt.Errorf("%w: object %d %d stands where %d %d should", ErrDamaged, in.ref.Num, in.ref.Gen, ref.Num, ref.Gen)
	}
	if f.crypt != nil {
		in.obj = f.crypt.open(in.obj, ref)
	}
	return in.obj, in.duplicate, nil
}

// objectStream is a decoded object stream (7.5.7).
type objectStream struct {
	data    []byte
	numbers []int
	offsets []int
}

func (f *File) readCompressed(num int, e entry) (Object, bool, error) {
	os, err := f.objectStream(e.stream)
	if err != nil {
		return nil, false, err
	}
	i := e.index
	if i >= len(os.numbers) || os.numbers[i] != num {
		return nil, false, fmt.Errorf("%w: object stream %d does not hold object %d at place %d", ErrDamaged, e.stream, num, i)
	}
	p := &parser{b: os.data, pos: os.offsets[i], last: true, maxDepth: f.lim.Depth}
	o, err := p.object()
	return o, p.duplicate, err
}

func (f *File) objectStream(num int) (*objectStream, error) {
	if os, ok := f.streams[num]; ok {
		return os, nil
	}
	if f.entries[num].stream != 0 {
		return nil, fmt.Errorf("%w: object stream %d lies in an object stream", ErrDamaged, num)
	}
	o, err := f.Load(Ref{num, f.entries[num].gen})
	if err != nil {
		return nil, err
	}
	st, ok := o.(*Stream)
	if !ok || st.Dict["Type"] != Name("ObjStm") {
		return nil, fmt.Errorf("%w: object %d is no object stream", ErrDamaged, num)
	}
	n, ok1 := f.Int(st.Dict["N"])
	first, ok2 := f.Int(st.Dict["First"])
	data, err := f.Decode(st)
	if err != nil {
		return nil, err
	}
	if !ok1 || !ok2 || n < 0 || first < 0 || first > len(data) || n > len(data) {
		return nil, fmt.Errorf("%w: head of object stream %d", ErrDamaged, num)
	}
	if f.streamMem += int64(len(data)); f.streamMem > f.lim.ObjectMem {
		return nil, fmt.Errorf("%w: object streams above %d bytes", ErrLimit, f.lim.ObjectMem)
	}
	os := &objectStream{data: data}
	p := &parser{b: data[:first], last: true, maxDepth: f.lim.Depth}
	for range n {
		num, err := p.integer()
		if err != nil {
			return nil, err
		}
		off, err := p.integer()
		if err != nil {
			return nil, err
		}
		if off > int64(len(data)-first) {
			return nil, fmt.Errorf("%w: object stream entry outside its data", ErrDamaged)
		}
		os.numbers = append(os.numbers, int(num))
		os.offsets = append(os.offsets, first+int(off))
	}
	f.streams[num] = os
	return os, nil
}

// Resolve follows references until a direct object.
func (f *File) Resolve(o Object) (Object, error) {
	for range 32 {
		ref, ok := o.(Ref)
		if !ok {
			return o, nil
		}
		var err error
		if o, err = f.Load(ref); err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("%w: references form a loop", ErrDamaged)
}

// Dict resolves o to a dictionary (of a stream: the stream's); nil when it is
// none or cannot be read.
func (f *File) Dict(o Object) Dict {
	switch v, _ := f.Resolve(o); v := v.(type) {
	case Dict:
		return v
	case *Stream:
		return v.Dict
	}
	return nil
}

// Array resolves o to an array, nil when it is none.
func (f *File) Array(o Object) Array {
	v, _ := f.Resolve(o)
	a, _ := v.(Array)
	return a
}

// Int resolves o to an integer.
func (f *File) Int(o Object) (int, bool) {
	v, _ := f.Resolve(o)
	switch n := v.(type) {
	case int:
		return n, true
	case float64:
		if n == float64(int(n)) {
			return int(n), true
		}
	}
	return 0, false
}

// Number resolves o to a number.
func (f *File) Number(o Object) (float64, bool) {
	v, _ := f.Resolve(o)
	switch n := v.(type) {
	case int:
		return float64(n), true
	case float64:
		return n, true
	}
	return 0, false
}

// Name resolves o to a name, "" when it is none.
func (f *File) Name(o Object) Name {
	v, _ := f.Resolve(o)
	n, _ := v.(Name)
	return n
}

// Text resolves o to a text string and decodes it (7.9.2.2), "" when it is none.
func (f *File) Text(o Object) string {
	v, _ := f.Resolve(o)
	s, _ := v.(String)
	return s.Text()
}

// Numbers returns the numbers of all objects in use, ascending.
func (f *File) Numbers() []int {
	out := make([]int, 0, len(f.entries))
	for n, e := range f.entries {
		if !e.free {
			out = append(out, n)
		}
	}
	sort.Ints(out)
	return out
}

// RefOf returns the reference of an object number in use.
func (f *File) RefOf(num int) (Ref, bool) {
	e, ok := f.entries[num]
	return Ref{num, e.gen}, ok && !e.free
}

// Place tells where object num lies: its bytes [start, end) as "n g obj …
// endobj", or the object stream that holds it, whose place it gives then.
func (f *File) Place(num int) (start, end int64, compressed bool, err error) {
	e, ok := f.entries[num]
	if !ok || e.free {
		return 0, 0, false, fmt.Errorf("%w: object %d is not in use", ErrDamaged, num)
	}
	if e.stream != 0 {
		start, end, _, err = f.Place(e.stream)
		return start, end, true, err
	}
	in, err := f.readIndirect(e.offset, nil)
	return in.start, in.end, false, err
}

// Moved reports whether object num lies elsewhere in f than in old, an earlier
// state of the same file: only then can it have changed.
func (f *File) Moved(old *File, num int) bool {
	return f.entries[num] != old.entries[num]
}

// Ambiguous reports whether a dictionary of object num, once loaded, names a
// key twice: readers disagree on which counts.
func (f *File) Ambiguous(num int) bool { return f.duplicates[num] }

// Check reads every object in use from its place. It finds offsets that do not
// hold the object they should, which readers repair in different ways.
func (f *File) Check() error {
	for _, n := range f.Numbers() {
		e := f.entries[n]
		if e.stream != 0 {
			if _, _, err := f.readCompressed(n, e); err != nil {
				return fmt.Errorf("object %d: %w", n, err)
			}
			continue
		}
		in, err := f.readIndirect(e.offset, nil)
		if err == nil && in.ref != (Ref{n, e.gen}) {
			err = fmt.Errorf("%w: object %d %d stands in its place", ErrDamaged, in.ref.Num, in.ref.Gen)
		}
		if err != nil {
			if errors.Is(err, errShort) {
				err = ErrTruncated
			}
			return fmt.Errorf("object %d: %w", n, err)
		}
	}
	return nil
}
