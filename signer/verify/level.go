package verify

import (
	"antin/signer/trust"
)

// level is the PAdES baseline level of a signature (EN 319 142-1, 6.3). B-B is
// its own content; B-T needs a time that is proven. B-LT and B-LTA are not said
// for a /DSS being there: it has to hold, beside the certificates in the message
// and in the time-stamp, all that shows path and revocation of both for the
// proven time, and at B-LTA a relied-on document time-stamp has to cover it.
func (d *document) level(s *signature) string {
	switch {
	case s.SubFilter != padesFilter, s.dict["M"] == nil, s.dict["Cert"] != nil, s.weak,
		s.cms.BER, s.info.SignedAttrs == nil, !s.info.Sorted, !s.info.Identified(), !s.info.SigningTime.IsZero():
		return ""
	case s.ProvenTime.IsZero():
		return "B-B"
	case !d.archive(d.file.Size()).holds(d, s):
		return "B-T"
	}
	for _, later := range d.signatures {
		if later.Kind == DocTimeStamp && later.Indication == TotalPassed && later.End > s.End && d.archive(later.End).holds(d, s) {
			return "B-LTA"
		}
	}
	return "B-LT"
}

// archive is the validation data that one state of the document has in its
// security store, and nothing else: no data of the caller's.
type archive struct {
	store *trust.Store // nil without /DSS
}

func (d *document) archive(end int64) *archive {
	if a := d.archives[end]; a != nil {
		return a
	}
	a := &archive{}
	d.archives[end] = a
	state, err := d.state(end)
	if err != nil {
		return a
	}
	cat, _ := state.Catalog()
	if dss := state.Dict(cat["DSS"]); dss != nil {
		a.store = &trust.Store{Now: d.store.Now}
		gather(state, dss, a.store, &d.archiveLeft)
	}
	return a
}

// holds tells whether the archive is enough for the signer and for the
// time-stamp that proves when he signed.
func (a *archive) holds(d *document, s *signature) bool {
	if a.store == nil || s.Chain == nil || s.Path != nil {
		return false
	}
	a.store.AddAnchor(s.Chain[len(s.Chain)-1])
	chain, err := a.store.Path(s.Signer, s.bag(), s.ProvenTime)
	if err != nil || a.store.Revocation(chain, s.ProvenTime).State != trust.Good {
		return false
	}
	token := s.Stamp
	if token == nil || s.StampProblem != nil || !token.Time.Equal(s.ProvenTime) {
		token = nil
		for _, later := range d.signatures {
			if later.Kind == DocTimeStamp && later.Indication == TotalPassed && later.Stamp.Time.Equal(s.ProvenTime) {
				token = later.Stamp
			}
		}
	}
	if token == nil || len(token.Chain) == 0 {
		return false
	}
	a.store.AddAnchor(token.Chain[len(token.Chain)-1])
	chain, err = a.store.Path(token.Certificate, token.Signature.Certificates, token.Time)
	return err == nil && a.store.Revocation(chain, token.Time).State == trust.Good
}
