#!/usr/bin/env bash
# npm scimmy 1.3.5, a SCIM 2.0 server for Node: of "not" before a group it puts a "not" to each condition and leaves the "or" or
# "and" between them as it was. not (title eq "agent" or title eq "elected"), by which a directory asks for those who are
# paid in neither way, gives everybody, for everybody is not the one or not the other; not (title eq "agent" and active eq
# true) gives nobody. A group within a group is an error. npm scim2-parse-filter 0.2.10 gives what RFC 7644 says, and
# scimmy too when the filter is written without the group. Whoever closes the accounts that such a filter finds closes all.
set -euo pipefail
for t in npm node; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private": true}' >package.json
npm install --silent --ignore-scripts scimmy@1.3.5 scim2-parse-filter@0.2.10 >/dev/null
cat >try.mjs <<'J'
import { readFileSync } from "fs";
import SCIMMY from "scimmy";
import parse from "scim2-parse-filter";
for (const p of ["scimmy", "scim2-parse-filter"]) console.error(p, JSON.parse(readFileSync(`node_modules/${p}/package.json`)).version);
const users = [
  { userName: "one", title: "agent", active: true },
  { userName: "two", title: "elected", active: true },
  { userName: "three", title: "trainee", active: true },
  { userName: "four", title: "agent", active: false },
];
const names = (list) => list.map((u) => u.userName).join(" ") || "none";
for (const filter of [
  'title eq "trainee" or title eq "elected" and active eq false',
  '(title eq "agent" or title eq "elected") and active eq true',
  'not (title eq "agent")',
  'not (title eq "agent" or title eq "elected")',
  'not (title eq "agent") and not (title eq "elected")',
  'not (title eq "agent" and active eq true)',
  'active eq true and not (title eq "agent" or title eq "elected")',
  'active eq true and (title eq "trainee" or (title eq "agent" and active eq true))',
]) {
  let scimmy;
  try {
    scimmy = names(new SCIMMY.Types.Filter(filter).match(users));
  } catch {
    scimmy = "error";
  }
  console.log(`${filter}: ${names(users.filter(parse.filter(parse.parse(filter))))} | scimmy: ${scimmy}`);
}
J
echo "expected, by RFC 7644, 3.4.2.2 (not takes the group, groups may hold groups): the same from both"
node try.mjs | tee seen
cmp seen <<'X'
title eq "trainee" or title eq "elected" and active eq false: three | scimmy: three
(title eq "agent" or title eq "elected") and active eq true: one two | scimmy: one two
not (title eq "agent"): two three | scimmy: two three
not (title eq "agent" or title eq "elected"): three | scimmy: one two three four
not (title eq "agent") and not (title eq "elected"): three | scimmy: three
not (title eq "agent" and active eq true): two three four | scimmy: none
active eq true and not (title eq "agent" or title eq "elected"): three | scimmy: one two three
active eq true and (title eq "trainee" or (title eq "agent" and active eq true)): one three | scimmy: error
X
