package pdfw

// wideSources has nothing in a browser, whose page would weigh twice as much.
var wideSources []source
