package verify

import (
	"bytes"

	"antin/signer/pdffile"
)

// Bounds of one comparison: values looked at, and references followed in a row.
const (
	maxCompared = 1 << 20
	maxFollowed = 10_000
)

// comparer tells whether things mean the same in two states of a document.
// Whatever cannot be read or is too large is different.
type comparer struct {
	old, new *pdffile.File
	touched  map[int]bool // objects that may differ; nil = all
	roles    map[int]role // objects that are compared elsewhere

	equal   map[[2]pdffile.Ref]bool // pairs found equal by a finished comparison
	unequal map[[2]pdffile.Ref]bool
	open    map[[2]pdffile.Ref]bool // pairs of the running comparison, taken as equal
	budget  int
	depth   int
}

// equalDictionaries compares a signature dictionary in two states of the
// document, references followed except to the catalog, which signature references
// name as their /Data (ISO 32000-1, table 253).
func equalDictionaries(old, new *pdffile.File, o, n pdffile.Dict) bool {
	if old == new {
		return true
	}
	_, root := old.Catalog()
	c := &comparer{old: old, new: new, roles: map[int]role{root.Num: isCatalog}}
	return c.same("", o, n)
}

// same compares two values that stand under a key. Pairs met again inside are taken as equal, which is
// right only when everything else is: so nothing is remembered as equal unless
// the whole comparison was.
func (c *comparer) same(key pdffile.Name, o, n pdffile.Object) bool {
	if c.equal == nil {
		c.equal, c.unequal = map[[2]pdffile.Ref]bool{}, map[[2]pdffile.Ref]bool{}
	}
	c.budget, c.open = maxCompared, map[[2]pdffile.Ref]bool{}
	ok := c.value(key, o, n)
	if ok {
		for pair := range c.open {
			c.equal[pair] = true
		}
	}
	return ok
}

func (c *comparer) value(key pdffile.Name, o, n pdffile.Object) bool {
	c.budget--
	c.depth++
	defer func() { c.depth-- }()
	if c.budget < 0 || c.depth > maxFollowed {
		return false
	}
	or, oIsRef := o.(pdffile.Ref)
	nr, nIsRef := n.(pdffile.Ref)
	if !oIsRef && !nIsRef {
		return c.direct(key, o, n, false)
	}
	if oIsRef && nIsRef && or == nr {
		if named(c.roles[or.Num], key) || c.touched != nil && !c.touched[or.Num] {
			return true
		}
	} else if oIsRef && c.roles[or.Num] != 0 || nIsRef && c.roles[nr.Num] != 0 {
		return false // another page or field, whatever it looks like
	}
	pair := [2]pdffile.Ref{or, nr}
	if oIsRef && nIsRef {
		if c.equal[pair] || c.open[pair] {
			return true
		}
		if c.unequal[pair] {
			return false
		}
		c.open[pair] = true
	}
	ov, err1 := c.old.Resolve(o)
	nv, err2 := c.new.Resolve(n)
	if err1 != nil || err2 != nil {
		return false
	}
	inPlace := oIsRef && or == nr && !c.new.Moved(c.old, or.Num)
	if c.direct(key, ov, nv, inPlace) {
		return true
	}
	if oIsRef && nIsRef {
		c.unequal[pair] = true
	}
	return false
}

// direct compares direct objects; inPlace says that both are the same bytes of
// the file, so that only what they refer to can differ.
func (c *comparer) direct(key pdffile.Name, o, n pdffile.Object, inPlace bool) bool {
	switch o := o.(type) {
	case pdffile.Dict:
		n, ok := n.(pdffile.Dict)
		return ok && c.dicts(o, n)
	case pdffile.Array:
		n, ok := n.(pdffile.Array)
		if !ok || len(o) != len(n) {
			return false
		}
		for i := range o {
			if !c.value(key, o[i], n[i]) {
				return false
			}
		}
		return true
	case pdffile.String:
		n, ok := n.(pdffile.String)
		return ok && bytes.Equal(o, n)
	case *pdffile.Stream:
		n, ok := n.(*pdffile.Stream)
		return ok && c.dicts(o.Dict, n.Dict) && (inPlace || c.bytes(o, n))
	case int:
		switch n := n.(type) {
		case int:
			return o == n
		case float64:
			return float64(o) == n
		}
		return false
	case float64:
		switch n := n.(type) {
		case int:
			return o == float64(n)
		case float64:
			return o == n
		}
		return false
	}
	switch n.(type) {
	case pdffile.Dict, pdffile.Array, pdffile.String, *pdffile.Stream:
		return false
	}
	return o == n // nil, bool, Name
}

func (c *comparer) bytes(o, n *pdffile.Stream) bool {
	a, err1 := c.old.Raw(o)
	b, err2 := c.new.Raw(n)
	return err1 == nil && err2 == nil && bytes.Equal(a, b)
}

func (c *comparer) dicts(o, n pdffile.Dict) bool {
	for k := range o {
		if !c.value(k, o[k], n[k]) {
			return false
		}
	}
	for k := range n {
		if _, both := o[k]; !both && !c.value(k, nil, n[k]) {
			return false
		}
	}
	return true
}

// differences lists the keys whose values differ, sorted.
func (c *comparer) differences(o, n pdffile.Dict) []pdffile.Name {
	var out []pdffile.Name
	for k := range o {
		if !c.same(k, o[k], n[k]) {
			out = append(out, k)
		}
	}
	for k := range n {
		if _, both := o[k]; !both && !c.same(k, nil, n[k]) {
			out = append(out, k)
		}
	}
	return sorted(out)
}
