import sax from 'sax';

/** An element of a picture, with what is in it. */
export interface SvgElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly SvgElement[];
  /** Of a `text`. */
  readonly text: string;
}

interface Open extends SvgElement {
  readonly children: SvgElement[];
  text: string;
}

/** The picture as a tree. @throws where it is no well-formed XML with one root */
export function svgTree(svg: string): SvgElement {
  const open: Open[] = [];
  let root: SvgElement | null = null;
  const parser = Object.assign(sax.parser(true), {
    onerror(error: Error) {
      throw error;
    },
    onopentag({ name, attributes }: sax.Tag) {
      const element: Open = { name, attributes, children: [], text: '' };
      open.at(-1)?.children.push(element);
      open.push(element);
    },
    ontext(text: string) {
      const last = open.at(-1);
      if (last !== undefined) last.text += text;
    },
    onclosetag() {
      root = open.pop() ?? null;
    },
  });
  parser.write(svg).close();
  if (root === null) throw new Error('there is no picture');
  return root;
}

/** All elements with an id, by it. */
export function withIds(root: SvgElement, found = new Map<string, SvgElement>()): Map<string, SvgElement> {
  const { id } = root.attributes;
  if (id !== undefined) found.set(id, root);
  for (const child of root.children) withIds(child, found);
  return found;
}
