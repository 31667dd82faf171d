// Package s3store keeps the blobs of a coffre-fort in an S3 bucket with object
// lock, so that not even who holds the credentials can take them away before
// their time. It implements [vault.Blobs]; journal and catalogue stay with the
// vault, and checkpoints can be sent to the bucket, locked too.
//
// Glossary:
//
//	Blobs     ciphertext in a bucket
//	lock      retention in COMPLIANCE mode, until a date
//	canary    an object made to be attacked: it proves that the lock holds
//	WORM      write once, read many: what the canary proves
//
// Several servers that speak S3 have accepted a lock and deleted the object
// all the same. The canary therefore tries, every day and at an opening that
// knows of no proof of that day, what a thief would try; when one attempt
// succeeds nothing more is deposited.
//
// The canary lives in a bucket of its own, since one of the attempts is to
// delete the bucket.
//
// It does not set bucket policies, and does not defend against who owns the
// server's disks.
package s3store
