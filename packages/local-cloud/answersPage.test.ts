import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "@jest/globals";

const PAGE = new URL("../../docs/local-cloud-answers.md", import.meta.url);

/** A row of testdata/: what is asked, what is answered, and where that is known from. */
interface Row {
  readonly name?: string;
  /** Of a request that was read: the file, or `assumed`. */
  readonly source?: string;
  readonly differs?: { readonly because: string };
  readonly status?: number;
  readonly code?: string;
  readonly action?: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly send?: { readonly method: string; readonly path: string; readonly body?: string };
  readonly path?: string;
  readonly method?: string;
  readonly request?: string;
  readonly as?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly answer?: { readonly status: number; readonly code?: string };
}

type Rows = Readonly<Record<string, readonly Row[]>>;

const rowsOf = (name: string): Rows =>
  JSON.parse(readFileSync(new URL(`testdata/${name}.json`, import.meta.url), "utf8")) as Rows;

const LONGEST = 150;

function asked(row: Row): string {
  const pairs = Object.entries(row.params ?? row.headers ?? {}).map(([name, value]) => `${name}=${value}`);
  const what = row.request ?? row.action ?? row.path ?? `${row.send?.method} ${row.send?.path} ${row.send?.body ?? ""}`;
  const body = typeof row.body === "string" && row.request !== undefined ? [row.body] : [];
  const text = [row.method, what, row.as && `(${row.as})`, ...pairs, ...body].filter(Boolean).join(" ");
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function answered({ status, code, answer }: Row): string {
  const known = String(answer?.status ?? status ?? 0);
  const word = answer?.code ?? code ?? "";
  return known === "0" ? "none" : word.startsWith(known) ? word : `${known} ${word}`.trim();
}

function mark({ source, differs }: Row): string {
  if (differs) return `observed, not alike: ${differs.because}`;
  if (source === undefined) return "observed";
  return source === "assumed" ? source : `read: ${source}`;
}

/** A cell of text. */
const cell = (text: string): string => text.replace(/[|<>*_[\]\\]/g, "\\$&");

/** A code span that holds any text. */
const code = (text: string): string => `\`${text.replaceAll("`", "'").replaceAll("|", "\\|").replaceAll("\n", " ")}\``;

function table(rows: readonly Row[] = []): string {
  const lines = rows.map(
    (row) => `| ${cell(row.name ?? "")} | ${code(asked(row))} | ${answered(row)} | ${cell(mark(row))} |`,
  );
  return ["| what | asked | answered | known |", "|---|---|---|---|", ...lines, ""].join("\n");
}

function page(): string {
  const [ec2, readEc2] = [rowsOf("observed-ec2"), rowsOf("read-ec2")];
  const [s3, readS3] = [rowsOf("observed-s3"), rowsOf("read-s3")];
  const unlike = (s3.unlike ?? []) as unknown as readonly Readonly<Record<"what" | "here" | "reason", string>>[];
  return `# What the local cloud's answers rest on

Each answer that a test asks for, and where it is known from: **observed** on services of Eucalyptus 5.1.0 that ran on 2026-11-28,
**read** in the source of 5.1.0, in the file named, or **assumed**. Texts, elements and headers are in
[testdata/](../packages/local-cloud/testdata); two tests replay all rows. This page is printed from them
(\`UPDATE_GOLDEN=1 npm run test:unit -- answersPage\`). Load balancing and Auto Scaling: [the local cloud](local-cloud.md#operations).

## EC2, VPC mode

${table([...(ec2.requests ?? []), ...(readEc2.requests ?? [])])}
## EC2, EDGE mode

${table([...(ec2.edge ?? []), ...(readEc2.edge ?? [])])}
## Object storage

${table([...(s3.whole ?? []), ...(s3.parts ?? []), ...(readS3.parts ?? [])])}
## Metadata

${table(ec2.metadata)}
## Known and not alike

| what | here | why |
|---|---|---|
${unlike.map(({ what, here, reason }) => `| ${what} | ${here} | ${reason} |\n`).join("")}`;
}

test("docs/local-cloud-answers.md has each replayed request with its mark (UPDATE_GOLDEN=1 rewrites it)", () => {
  const made = page();
  if (process.env.UPDATE_GOLDEN) writeFileSync(PAGE, made);
  expect(made).toBe(readFileSync(PAGE, "utf8"));
});
