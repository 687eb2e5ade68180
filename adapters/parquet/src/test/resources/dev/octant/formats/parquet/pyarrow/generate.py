import pyarrow as pa, pyarrow.parquet as pq, struct, random, sys, os
out=sys.argv[1]
random.seed(7)
n=200
f=[struct.unpack('f',struct.pack('f',random.gauss(0,3)))[0] for _ in range(n)]
d=[random.gauss(0,3) for _ in range(n)]
o=[None if random.random()<.2 else round(random.gauss(0,3)*4)/4 for _ in range(n)]
l=[None if random.random()<.1 else [None if random.random()<.1 else float(random.randrange(9)) for _ in range(random.randrange(5))] for _ in range(n)]
t=pa.table({'layers.0.act':pa.array(f,pa.float32()),'d':pa.array(d,pa.float64()),'o':pa.array(o,pa.float32()),
 'l':pa.array(l,pa.list_(pa.float32())),'s':pa.array([{'x':v,'y':1} for v in f],pa.struct([('x',pa.float32()),('y',pa.int32())])),'i':pa.array(range(n),pa.int64()),'t':pa.array(['text %d'%(i%5) for i in range(n)])})
for c in ['none','snappy','gzip','brotli','lz4','zstd']:
  for v in ['1.0','2.0']:
    pq.write_table(t,f'{out}/{c}-v{v[0]}.parquet',compression=c,data_page_version=v,row_group_size=120,data_page_size=200,write_page_index=True,write_page_checksum=True)
pq.write_table(t.select(['layers.0.act','d','o']),f'{out}/split.parquet',compression='zstd',use_dictionary=False,column_encoding={'layers.0.act':'BYTE_STREAM_SPLIT','d':'BYTE_STREAM_SPLIT','o':'BYTE_STREAM_SPLIT'})
f32=lambda v: struct.unpack('>I',struct.pack('>f',v))[0]
with open(f'{out}/values.txt','w') as w:
  for name,vals in [('layers.0.act',f),('d',d),('o',o),('l',[v for r in l if r for v in r]),('s.x',f)]:
    w.write(name+' '+' '.join('%08x'%f32(v) for v in vals if v is not None)+'\n')
