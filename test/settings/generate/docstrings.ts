import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const SRC = path.resolve(import.meta.dirname, '../../../src');

/** The docstring of a member of an interface. */
export interface Docstring {
  readonly text: string;
  /** Text of `@defaultValue`. */
  readonly defaultValue?: string;
  /** Code of each `@example`. */
  readonly examples: readonly string[];
  /** The docstrings of the members of its own type, if that is written in place. */
  readonly members: Docstrings;
}

export type Docstrings = ReadonlyMap<string, Docstring>;

/** Reads the docstrings of an interface in a file of `src/`. */
export function docstringsOf(file: string, name: string): Docstrings {
  const text = fs.readFileSync(path.join(SRC, file), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found = source.statements.find(
    (statement) => ts.isInterfaceDeclaration(statement) && statement.name.text === name,
  );
  if (found === undefined) throw new Error(`src/${file} has no interface ${name}.`);
  return membersOf((found as ts.InterfaceDeclaration).members);
}

function membersOf(members: readonly ts.TypeElement[]): Docstrings {
  return new Map(members.map((member) => [member.name!.getText(), docstringOf(member)]));
}

function docstringOf(member: ts.TypeElement): Docstring {
  const type = ts.isPropertySignature(member) ? member.type : undefined;
  const docs = ts.getJSDocCommentsAndTags(member).filter(ts.isJSDoc);
  const tags = docs.flatMap(({ tags = [] }) => [...tags]);
  const textOf = (name: string) =>
    tags.filter(({ tagName }) => tagName.text === name).map(({ comment }) => plain(comment));
  const [defaultValue] = textOf('defaultValue');
  return {
    text: joined(docs.map(({ comment }) => plain(comment)).join('\n')),
    ...(defaultValue !== undefined && { defaultValue: joined(defaultValue) }),
    examples: textOf('example').map((example) => example.replace(/^```\w*\n|\n```$/g, '')),
    members: type && ts.isTypeLiteralNode(type) ? membersOf([...type.members]) : new Map(),
  };
}

function plain(comment: Parameters<typeof ts.getTextOfJSDocComment>[0]): string {
  return ts.getTextOfJSDocComment(comment) ?? '';
}

/** The lines of a paragraph as one. */
function joined(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ').trim();
}
