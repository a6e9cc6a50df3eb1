// Package cms writes and reads the cryptographic message inside a PDF
// signature: a SignedData of the Cryptographic Message Syntax (CMS, RFC 5652)
// with the attributes of ETSI EN 319 122-1 (CAdES) and EN 319 142-1 (PAdES), and
// the time-stamp token of RFC 3161 in it.
//
// Writing takes two steps, so that the private key may lie in a token that is
// asked once: [Profile.SignedAttributes] gives the message that the key signs,
// [Profile.SignedData] the finished structure; [Profile.Size] tells beforehand
// how many bytes to keep free for it. [TSA.Stamp] fetches a time-stamp over the
// signature value and checks it before it is handed out.
//
// Reading: [Parse] takes what is found in files, DER or BER, and keeps what it
// does not understand. The small Check methods of [SignerInfo] each answer one
// question with a typed error; [SignedData.Verify] asks them all. [ParseToken]
// does the same for a time-stamp.
//
// The package does not look for paths to document signers' roots (package trust
// does), and it reads no PDF. All sizes are in bytes.
package cms
