/** Writes what becomes of every field of a manifest to docs/manifest-fields.md: `node scripts/manifestFields.ts`. */
import { writeFileSync } from "node:fs";
import { fieldsPage } from "../src/manifests/fields/fieldsPage.ts";

writeFileSync(new URL("../docs/manifest-fields.md", import.meta.url), fieldsPage());
