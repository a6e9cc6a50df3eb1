package verify

import (
	"fmt"

	"antin/signer/pdffile"
)

// compareTrailer compares the trailer dictionaries (ISO 32000-1, table 15).
func (s *step) compareTrailer() {
	o, n := s.old.Trailer(), s.new.Trailer()
	_, oldRoot := s.old.Catalog()
	_, newRoot := s.new.Catalog()
	if oldRoot != newRoot {
		s.forbid(ChangedTrailer, newRoot.Num, "/Root names another object")
	}
	for _, k := range s.differences(o, n) {
		switch k {
		case "Size", "Prev", "XRefStm", "Root",
			"Type", "W", "Index", "Filter", "DecodeParms", "Length", "DL": // of cross-reference streams
		case "Info":
			s.allow(ChangedInfo, number(n[k]), "/Info")
		case "ID":
			s.compareID(o[k], n[k])
		default:
			if n[k] == nil && k != "Encrypt" {
				continue // private entries that the next writer does not know, e.g. /DocChecksum
			}
			s.forbid(ChangedTrailer, 0, "/"+string(k))
		}
	}
}

// compareID: the first half names the document for good (ISO 32000-1, 14.4).
func (s *step) compareID(o, n pdffile.Object) {
	was, is := s.old.Array(o), s.new.Array(n)
	if len(was) > 0 && (len(is) == 0 || !s.same("ID", was[0], is[0])) {
		s.forbid(ChangedTrailer, 0, "/ID")
	}
}

func number(o pdffile.Object) int {
	ref, _ := o.(pdffile.Ref)
	return ref.Num
}

// compareCatalog compares the document catalogs (ISO 32000-1, table 28).
func (s *step) compareCatalog() {
	o, root := s.old.Catalog()
	n, _ := s.new.Catalog()
	for _, k := range s.differences(o, n) {
		switch {
		case k == "AcroForm": // below: also when only things inside changed
		case k == "DSS" && n[k] != nil:
			s.compareEvidence(o[k], n[k])
		case k == "Metadata" && s.isStream(n[k]):
			s.allow(ChangedInfo, number(n[k]), "/Metadata")
		case k == "Extensions" && n[k] != nil, k == "Version" && s.laterVersion(o[k], n[k]):
			s.allow(ChangedExtension, root.Num, "/"+string(k))
		case k == "Pages":
			s.forbid(ChangedPageTree, number(n[k]), "/Pages names another page tree")
		default:
			s.forbid(ChangedCatalog, root.Num, "/"+string(k))
		}
	}
	s.compareForm(o["AcroForm"], n["AcroForm"])
}

func (s *step) isStream(o pdffile.Object) bool {
	v, _ := s.new.Resolve(o)
	_, ok := v.(*pdffile.Stream)
	return ok
}

func (s *step) laterVersion(o, n pdffile.Object) bool {
	is := s.new.Name(n)
	return len(is) == 3 && is[1] == '.' && is >= s.old.Name(o)
}

// compareEvidence: validation data are added, never taken away (EN 319 142-1, 5.4.2).
func (s *step) compareEvidence(o, n pdffile.Object) {
	was, is := s.old.Dict(o), s.new.Dict(n)
	for _, k := range s.differences(was, is) {
		switch k {
		case "Type":
		case "Certs", "CRLs", "OCSPs":
			if len(s.new.Array(is[k])) < len(s.old.Array(was[k])) {
				s.forbid(ChangedCatalog, number(n), fmt.Sprintf("/DSS/%s lost entries", k))
			}
		case "VRI":
			vri := s.new.Dict(is[k])
			for name := range s.old.Dict(was[k]) {
				if vri[name] == nil {
					s.forbid(ChangedCatalog, number(n), "/DSS/VRI lost entries")
				}
			}
		default:
			s.forbid(ChangedCatalog, number(n), "/DSS/"+string(k))
		}
	}
	s.allow(AddedEvidence, number(n), "/DSS")
}
