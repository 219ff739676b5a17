/** The place that a screen shows. */
export interface Place {
  code: string;
  isRegion: boolean;
  boardAddress: string;
}

/** A region has a division code of 12 digits. `county` is the region at the root. No hall has such a code. */
export function placeOf(code: string): Place {
  const isRegion = code === 'county' || /^\d{12}$/.test(code);
  return {
    code,
    isRegion,
    boardAddress: `/api/v1/${isRegion ? 'regions' : 'halls'}/${encodeURIComponent(code)}/board`,
  };
}
