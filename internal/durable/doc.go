// Package durable writes files that are either whole or absent, and groups of
// files that appear together or not at all. What [File.Commit] and
// [Delivery.Publish] have accepted survives a power cut; what they have not
// leaves nothing under a final name.
//
// Files are made 0600 and folders 0700, since nearly everything here is
// personal data.
//
// Glossary:
//
//	File        a file being written, not yet visible under its name
//	temporary   its hidden name, ".xhl-<random>.tmp", locked while its process lives
//	Commit      make it visible, durably
//	Abort       forget it
//	Clean       remove the temporaries of processes that died
//	Scratch     a folder that one work needs until it ends, ".xhl-scratch" in it locked while its process lives
//	Delivery    a group of files on its way into a folder
//	stage       the hidden folder ".xhl-delivery" where its files wait; of a folder that is still to come, ".xhl-new-NAME" beside it
//	journal     what the swap does, written into the stage; it is the decision
//	swap        the former files go into the stage, the new ones come out of it
//	Step        a change of the disk; tests see and break each of them
//	Lock        of a file, or of the folder of a delivery: ".xhl-lock" says who
//
// # Why a journal
//
// One rename of a folder does for a group of files where the folder is not there
// yet and files in it may stay open meanwhile: the stage, all of it synced, gets
// the name of the folder, and the rename is the decision. Its lock goes along and
// is the journal, until Published was told.
//
// A folder that is there is the user's: it holds files that are not of the delivery, is a mount
// point or the working folder of a shell, is shown by a file manager (Windows
// then refuses to rename it), and stands in a folder where nothing may be
// written. Names in it are a contract, so that it cannot be a link to a
// generation, which Windows would not make anyway. And no system swaps two
// folders in one step on every file system: Linux and macOS do on some.
//
// So all files are written into the stage and synced; then the journal is. From
// there on the delivery is decided. The file that names the others, the
// manifest, leaves first and comes last: a folder with a manifest holds exactly
// what that manifest names. A move that fails is undone with those before it,
// since the former files were moved and not removed. A process that ends
// between two moves leaves a folder without manifest and with a journal, which
// the next Begin carries out to its end; [Interrupted] tells meanwhile.
//
// Windows moves no file that another program holds open without sharing it: a
// volume in a viewer. That is met by the first moves, of the former files, and
// all are put back. Files of this package are closed before they move, or
// opened so that they can be moved.
package durable
