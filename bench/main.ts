// `npm run bench [-- stack|feeds] [options]`: without a word, the stack beside Terraform.
const [, , subject = "", ...options] = process.argv;
const isNamed = subject !== "" && !subject.startsWith("-");
process.argv.splice(2, Infinity, ...(isNamed ? options : process.argv.slice(2)));
if (isNamed && subject === "feeds") await import("./feeds/feedsBench.ts");
else if (!isNamed || subject === "stack") await import("./stackBench.ts");
else {
  process.stderr.write(`There is no benchmark "${subject}": stack or feeds.\n`);
  process.exitCode = 2;
}
