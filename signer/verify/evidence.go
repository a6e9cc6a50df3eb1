package verify

import (
	"crypto/x509"

	"antin/signer/pdffile"
	"antin/signer/trust"
)

// Bounds of what a document may bring along.
const (
	maxEvidence      = 500      // entries of each kind
	maxEvidenceBytes = 32 << 20 // in all
	maxArchiveBytes  = 64 << 20 // in all, for the levels B-LT and B-LTA
)

// gatherEvidence puts the certificates, revocation lists and OCSP answers of the
// document's security store (EN 319 142-1, 5.4.2) into the layer of the trust
// store that is for this document. Nothing of it is believed for being there:
// certificates need a path, lists and answers their issuer's signature.
func (d *document) gatherEvidence() {
	cat, _ := d.file.Catalog()
	left := int64(maxEvidenceBytes)
	gather(d.file, d.file.Dict(cat["DSS"]), d.store, &left)
}

// gather puts what a security store holds into store, as long as bytes are left.
func gather(f *pdffile.File, dss pdffile.Dict, store *trust.Store, left *int64) {
	each := func(key pdffile.Name, add func(der []byte)) {
		list := f.Array(dss[key])
		for _, o := range list[:min(len(list), maxEvidence)] {
			v, err := f.Resolve(o)
			s, ok := v.(*pdffile.Stream)
			if err != nil || !ok || *left <= 0 {
				continue
			}
			if der, err := f.Decode(s); err == nil {
				*left -= int64(len(der))
				add(der)
			}
		}
	}
	each("Certs", func(der []byte) {
		if cert, err := x509.ParseCertificate(der); err == nil {
			store.AddIntermediate(cert)
		}
	})
	each("CRLs", func(der []byte) { addList(store, der) })
	each("OCSPs", func(der []byte) { _ = store.AddAnswer(der) }) // an unreadable one says nothing
}

func addList(store *trust.Store, der []byte) {
	if list, err := x509.ParseRevocationList(der); err == nil {
		store.AddList(list)
	}
}

// gatherFrom adds the revocation lists inside a message (RFC 5652, 5.1); its
// certificates are given to the search for a path.
func (d *document) gatherFrom(s *signature) {
	if s.cms == nil {
		return
	}
	for _, der := range s.cms.CRLs[:min(len(s.cms.CRLs), maxEvidence)] {
		addList(d.store, der)
	}
}
