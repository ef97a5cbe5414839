/** What each page gave, for people: printed at the end of a run. */
export class Outcomes {
  readonly #rows = new Map<string, Map<string, string>>();

  /** @param differences from plain files; empty if the page works */
  add(page: string, column: string, differences: readonly string[]): void {
    const row = this.#rows.get(page) ?? new Map<string, string>();
    this.#rows.set(page, row.set(column, differences.length === 0 ? 'ok' : shortened(differences)));
  }

  /** Returns a Markdown table: a row for each page, a column for each way in which it was published. */
  table(): string {
    const columns = [...new Set([...this.#rows.values()].flatMap((row) => [...row.keys()]))];
    const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
    const rows = [...this.#rows].map(([page, row]) =>
      line([page, ...columns.map((column) => row.get(column) ?? '')]),
    );
    return [line(['page', ...columns]), line(['---', ...columns.map(() => '---')]), ...rows].join('');
  }
}

function shortened(differences: readonly string[]): string {
  const shown = differences
    .slice(0, 3)
    .map((each) => each.replaceAll('|', '\\|').replace(/\s+/g, ' ').slice(0, 120));
  return [...shown, ...(differences.length > 3 ? [`and ${differences.length - 3} more`] : [])].join('<br>');
}
