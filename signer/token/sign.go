package token

import (
	"crypto"
	"crypto/ecdsa"
	"encoding/asn1"
	"errors"
	"math/big"

	"github.com/miekg/pkcs11"

	"antin/signer/cms"
)

// digestInfo is the DER in front of a digest in RSASSA-PKCS1-v1_5 (RFC 8017,
// 9.2, note 1).
var digestInfo = map[crypto.Hash][]byte{
	crypto.SHA256: {0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20},
	crypto.SHA384: {0x30, 0x41, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02, 0x05, 0x00, 0x04, 0x30},
	crypto.SHA512: {0x30, 0x51, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03, 0x05, 0x00, 0x04, 0x40},
}

// hashMechanisms are the mechanisms that belong to a hash.
var hashMechanisms = map[crypto.Hash]struct{ digest, mgf, pkcs1, pss, ecdsa uint }{
	crypto.SHA256: {pkcs11.CKM_SHA256, pkcs11.CKG_MGF1_SHA256, pkcs11.CKM_SHA256_RSA_PKCS, pkcs11.CKM_SHA256_RSA_PKCS_PSS, pkcs11.CKM_ECDSA_SHA256},
	crypto.SHA384: {pkcs11.CKM_SHA384, pkcs11.CKG_MGF1_SHA384, pkcs11.CKM_SHA384_RSA_PKCS, pkcs11.CKM_SHA384_RSA_PKCS_PSS, pkcs11.CKM_ECDSA_SHA384},
	crypto.SHA512: {pkcs11.CKM_SHA512, pkcs11.CKG_MGF1_SHA512, pkcs11.CKM_SHA512_RSA_PKCS, pkcs11.CKM_SHA512_RSA_PKCS_PSS, pkcs11.CKM_ECDSA_SHA512},
}

// attempt is one way to let the token make the signature.
type attempt struct {
	mechanism *pkcs11.Mechanism
	input     []byte
}

// attempts are the ways to sign message, the most widely implemented first:
// the digest made here, then the message for tokens that insist on hashing.
func attempts(scheme cms.Scheme, cert crypto.PublicKey, h crypto.Hash, message []byte, known map[uint]bool) []attempt {
	hash := h.New()
	hash.Write(message)
	digest := hash.Sum(nil)
	of := hashMechanisms[h]
	var all []attempt
	switch scheme {
	case cms.PKCS1v15:
		info := append(append([]byte{}, digestInfo[h]...), digest...)
		all = []attempt{
			{pkcs11.NewMechanism(pkcs11.CKM_RSA_PKCS, nil), info},
			{pkcs11.NewMechanism(of.pkcs1, nil), message},
		}
	case cms.PSS:
		all = []attempt{
			{pkcs11.NewMechanism(pkcs11.CKM_RSA_PKCS_PSS, pkcs11.NewPSSParams(of.digest, of.mgf, uint(h.Size()))), digest},
			{pkcs11.NewMechanism(of.pss, pkcs11.NewPSSParams(of.digest, of.mgf, uint(h.Size()))), message},
		}
	case cms.ECDSA:
		// PKCS #11, 2.3.6: a digest longer than the order is cut by the caller.
		if p, ok := cert.(*ecdsa.PublicKey); ok {
			digest = digest[:min(len(digest), (p.Params().N.BitLen()+7)/8)]
		}
		all = []attempt{
			{pkcs11.NewMechanism(pkcs11.CKM_ECDSA, nil), digest},
			{pkcs11.NewMechanism(of.ecdsa, nil), message},
		}
	}
	var listed []attempt
	for _, a := range all {
		if known[a.mechanism.Mechanism] {
			listed = append(listed, a)
		}
	}
	if len(listed) == 0 { // no list, or one that is not to be believed: asking costs nothing
		return all
	}
	return listed
}

func (h *helper) sign(q request) ([]byte, error) {
	l, ok := h.logins[q.Session]
	if !ok {
		return nil, refuse(ErrSessionEnded, "it is unknown")
	}
	hash := crypto.Hash(q.Hash)
	if _, ok := digestInfo[hash]; !ok {
		return nil, refuse(ErrUnsupported, "hash %d", q.Hash)
	}
	err := error(refuse(ErrUnsupported, "scheme %d", q.Scheme))
	for _, a := range attempts(cms.Scheme(q.Scheme), l.certificate.PublicKey, hash, q.Message, l.mechanisms) {
		var signature []byte
		if signature, err = h.signOnce(l, a); err == nil {
			return sequence(signature, l.certificate.PublicKey), nil
		}
		if !errors.Is(err, ErrUnsupported) {
			break
		}
	}
	if errors.Is(err, ErrSessionEnded) || errors.Is(err, ErrRemoved) || isPIN(err) {
		_ = h.close(q.Session) // err tells more
	}
	return nil, err
}

// signOnce runs one C_SignInit with its C_Sign. Nothing may be called between
// the context login and C_Sign (PKCS #11, 4.9: CKA_ALWAYS_AUTHENTICATE).
func (h *helper) signOnce(l *login, a attempt) ([]byte, error) {
	if err := h.c.SignInit(l.session, []*pkcs11.Mechanism{a.mechanism}, l.key); err != nil {
		return nil, h.fault(l, "C_SignInit", err)
	}
	if l.reauth {
		if err := h.c.Login(l.session, pkcs11.CKU_CONTEXT_SPECIFIC, l.pin); err != nil {
			// It may be a PIN of its own that is counted on its own: a second try
			// must not happen by itself, so the session ends here.
			clear(l.pin)
			return nil, h.refusedPIN(l, err)
		}
	}
	signature, err := h.c.Sign(l.session, a.input)
	if err != nil {
		return nil, h.fault(l, "C_Sign", err)
	}
	return signature, nil
}

func isPIN(err error) bool {
	for _, pin := range []error{ErrPINWrong, ErrPINLocked, ErrPINExpired, ErrPINFormat, ErrPINNotSet} {
		if errors.Is(err, pin) {
			return true
		}
	}
	return false
}

// sequence turns r‖s of an elliptic curve into DER. A module that returns DER
// already is left alone, as is everything for RSA and what nobody can read: the
// check against the certificate has the last word.
func sequence(raw []byte, key crypto.PublicKey) []byte {
	p, ok := key.(*ecdsa.PublicKey)
	if !ok {
		return raw
	}
	type pair struct{ R, S *big.Int }
	n := 2 * ((p.Params().N.BitLen() + 7) / 8)
	if len(raw) != n {
		var v pair
		if rest, err := asn1.Unmarshal(raw, &v); err == nil && len(rest) == 0 {
			return raw
		}
		if len(raw) == 0 || len(raw) > n || len(raw)%2 != 0 { // shorter: halves without leading zeros
			return raw
		}
	}
	half := len(raw) / 2
	der, err := asn1.Marshal(pair{new(big.Int).SetBytes(raw[:half]), new(big.Int).SetBytes(raw[half:])})
	if err != nil {
		return raw
	}
	return der
}
