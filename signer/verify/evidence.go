package verify

import (
	"crypto/x509"

	"antin/signer/pdffile"
)

// Bounds of what a document may bring along.
const (
	maxEvidence      = 500      // entries of each kind
	maxEvidenceBytes = 32 << 20 // in all
)

// gatherEvidence puts the certificates, revocation lists and OCSP answers of the
// document's security store (EN 319 142-1, 5.4.2) into the layer of the trust
// store that is for this document. Nothing of it is believed for being there:
// certificates need a path, lists and answers their issuer's signature.
func (d *document) gatherEvidence() {
	cat, _ := d.file.Catalog()
	dss := d.file.Dict(cat["DSS"])
	left := int64(maxEvidenceBytes)
	each := func(key pdffile.Name, add func(der []byte)) {
		list := d.file.Array(dss[key])
		for _, o := range list[:min(len(list), maxEvidence)] {
			v, err := d.file.Resolve(o)
			s, ok := v.(*pdffile.Stream)
			if err != nil || !ok || left <= 0 {
				continue
			}
			if der, err := d.file.Decode(s); err == nil {
				left -= int64(len(der))
				add(der)
			}
		}
	}
	each("Certs", func(der []byte) {
		if cert, err := x509.ParseCertificate(der); err == nil {
			d.store.AddIntermediate(cert)
		}
	})
	each("CRLs", d.addList)
	each("OCSPs", func(der []byte) { _ = d.store.AddAnswer(der) }) // an unreadable one says nothing
}

func (d *document) addList(der []byte) {
	if list, err := x509.ParseRevocationList(der); err == nil {
		d.store.AddList(list)
	}
}

// gatherFrom adds the revocation lists inside a message (RFC 5652, 5.1); its
// certificates are given to the search for a path.
func (d *document) gatherFrom(s *signature) {
	if s.cms == nil {
		return
	}
	for _, der := range s.cms.CRLs[:min(len(s.cms.CRLs), maxEvidence)] {
		d.addList(der)
	}
}
