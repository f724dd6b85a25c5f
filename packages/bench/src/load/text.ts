/** As large as the peers' records. */
export const textBytes = 150;

export const someText = 'x'.repeat(textBytes);
