import { make, named } from '../shared/elements';
import { words } from './words';

/** The invitation to rate, with the hall's QR code. */
export class Invitation {
  private readonly address: string;
  private image = this.makeImage();
  readonly element = make('section.invitation', make('h2', words.scan), make('div.code', this.image));

  constructor(hall: string) {
    this.address = `/h/${encodeURIComponent(hall)}/qr.svg`;
    this.refresh();
  }

  /**
   * Loads the QR code again. The old image stays until the new image is loaded, so that a failed request leaves no gap.
   */
  refresh(): void {
    const next = this.makeImage();
    next.onload = () => {
      this.image.replaceWith(next);
      this.image = next;
    };
    next.src = `${this.address}?at=${Date.now()}`;
  }

  private makeImage(): HTMLImageElement {
    const image = new Image();
    image.alt = words.qrAlternative;
    return named('qr', image);
  }
}
