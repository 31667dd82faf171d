#!/usr/bin/env bash
# npm scimmy 1.3.5 and npm scim-patch 0.8.3, which apply to a person what a directory sends: of the same PATCH each makes another person.
# replace of "name" with a new given name leaves, by RFC 7644, the family name: scimmy takes it away, scim-patch leaves it. With the path left
# out and name in the value it is the other way round: scimmy leaves it, scim-patch takes it away. With the department where the resource has
# it, in the object of the enterprise extension, scim-patch makes a key "urn:ietf:params:scim:schemas:extension:enterprise:2.0", for it takes
# the dot of the address for one between attributes, and the department stays what it was; with a path it is set. A new address that is to
# be the primary one leaves the old one primary too in both, where the server is to put it to false, so that what looks for the address
# of the bulletin finds the old one. No error.
set -euo pipefail
for t in npm node; do command -v $t >/dev/null || { echo "$t is not installed"; exit 1; }; done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private": true}' >package.json
npm install --silent --ignore-scripts scimmy@1.3.5 scim-patch@0.8.3 >/dev/null
cat >try.mjs <<'J'
import { readFileSync } from "fs";
import SCIMMY from "scimmy";
import patch from "scim-patch";
for (const p of ["scimmy", "scim-patch"]) console.error(p, JSON.parse(readFileSync(`node_modules/${p}/package.json`)).version);
const User = SCIMMY.Schemas.User, work = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
User.extend(SCIMMY.Schemas.EnterpriseUser, false);
const person = () => ({
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:User", work], id: "1", userName: "one", name: { givenName: "Old", familyName: "Family" },
  emails: [{ value: "old@example.org", primary: true }], [work]: { department: "old" },
});
const shown = (u) =>
  [
    u.name.givenName ?? "-", u.name.familyName ?? "-", u.emails.map((e) => e.value.split("@")[0] + (e.primary ? "*" : "")).join("+"), u[work].department,
    Object.keys(u).filter((k) => k.startsWith("urn:") && k !== work).map((k) => "and " + JSON.stringify({ [k]: u[k] })).join(""),
  ].join(" ").trim();
for (const op of [
  { op: "replace", path: "name.givenName", value: "New" },
  { op: "replace", path: "name", value: { givenName: "New" } },
  { op: "replace", value: { name: { givenName: "New" } } },
  { op: "replace", path: work + ":department", value: "new" },
  { op: "replace", value: { [work + ":department"]: "new" } },
  { op: "replace", value: { [work]: { department: "new" } } },
  { op: "add", path: "emails", value: [{ value: "new@example.org" }] },
  { op: "add", path: "emails", value: [{ value: "new@example.org", primary: true }] },
]) {
  const request = { schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], Operations: [op] };
  const one = await new SCIMMY.Messages.PatchOp(request).apply(new User(person(), "out"), async (u) => u);
  console.log(`${JSON.stringify(op)}\n  scimmy: ${shown(JSON.parse(JSON.stringify(one)))}\n  scim-patch: ${shown(patch.scimPatch(person(), [op]))}`);
}
J
echo "expected, by RFC 7644, 3.5.2.3 (sub-attributes that are not named stay) and 3.5.2 (one is primary, here marked *): no -, \"new\" where asked for, one *"
node try.mjs | tee seen
cmp seen <<'X'
{"op":"replace","path":"name.givenName","value":"New"}
  scimmy: New Family old* old
  scim-patch: New Family old* old
{"op":"replace","path":"name","value":{"givenName":"New"}}
  scimmy: New - old* old
  scim-patch: New Family old* old
{"op":"replace","value":{"name":{"givenName":"New"}}}
  scimmy: New Family old* old
  scim-patch: New - old* old
{"op":"replace","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department","value":"new"}
  scimmy: Old Family old* new
  scim-patch: Old Family old* new
{"op":"replace","value":{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department":"new"}}
  scimmy: Old Family old* new
  scim-patch: Old Family old* new
{"op":"replace","value":{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"new"}}}
  scimmy: Old Family old* new
  scim-patch: Old Family old* old and {"urn:ietf:params:scim:schemas:extension:enterprise:2.0":{"User":{"department":"new"}}}
{"op":"add","path":"emails","value":[{"value":"new@example.org"}]}
  scimmy: Old Family old*+new old
  scim-patch: Old Family old*+new old
{"op":"add","path":"emails","value":[{"value":"new@example.org","primary":true}]}
  scimmy: Old Family old*+new* old
  scim-patch: Old Family old*+new* old
X
